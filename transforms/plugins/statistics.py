"""Functions that SQL lacks, registered with the engine when dbt connects.

Belongs here: quantiles and seeded draws that the marts need, each a scalar of scalars or lists. Not here: measures, rules, anything that reads a table.
"""

from dbt.adapters.duckdb.plugins import BasePlugin


class Plugin(BasePlugin):
    """Registers the functions with the connection that dbt opens."""

    def configure_connection(self, conn) -> None:  # noqa: ANN001
        from scipy import stats

        def student_t_quantile(probability: float, degrees_of_freedom: float) -> float:
            return float(stats.t.ppf(probability, degrees_of_freedom))

        def beta_quantile(probability: float, alpha: float, beta: float) -> float:
            return float(stats.beta.ppf(probability, alpha, beta))

        conn.create_function("student_t_quantile", student_t_quantile)
        conn.create_function("beta_quantile", beta_quantile)
