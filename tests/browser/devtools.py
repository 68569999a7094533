"""Debian's Chromium over its DevTools protocol: open a page at a width, run axe in it, print it, see what it asked for.

Belongs here: driving the browser. Not here: what a page must be (test_*.py).
"""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

# Without the background-networking flags the browser looks for its maker's hosts at every start.
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--remote-debugging-port=0",
]  # fmt: skip


class Tab:
    """One page of the browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        self.errors: list[str] = []
        for domain in ("Page", "Network", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """A command and its answer; requests and errors seen meanwhile are kept."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = self._receive()
            if message.get("id") == number:
                assert "error" not in message, f"{method}: {message['error']}"
                return dict(message["result"])

    def _receive(self) -> dict[str, Any]:
        message = dict(json.loads(self._socket.recv(timeout=60)))
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(str(message["params"]["exceptionDetails"]["text"]))
        return message

    def open(self, page: Path | str, width: int = 1280, height: int = 900) -> None:
        """Opens a file or an address at a window's width and waits until it is loaded; forgets earlier requests."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)  # fmt: skip
        self.requests, self.errors = [], []
        self.call("Page.navigate", url=page if isinstance(page, str) else page.resolve().as_uri())
        while self._receive().get("method") != "Page.loadEventFired":
            pass

    def text(self) -> str:
        """What the page shows as text."""
        return str(self.run("document.body.innerText"))

    def wait(self, *wanted: str, seconds: float = 90) -> str:
        """The page's text as soon as all of `wanted` stands in it: an application fills its page after it has loaded."""
        end = time.monotonic() + seconds
        while missing := [one for one in wanted if one not in (text := self.text())]:
            assert time.monotonic() < end, f"not on the page after {seconds:.0f} s: {missing}\n{text[:3000]}"
            time.sleep(0.3)
        return self.text()

    def click(self, words: str) -> None:
        """Clicks the first button or link that shows `words` and can be clicked."""
        script = f"""(() => {{
            const one = [...document.querySelectorAll('button, a, [role=button], [role=tab]')]
                .find(one => one.innerText.trim().startsWith({json.dumps(words)}) && !one.disabled);
            if (one) one.click();
            return Boolean(one);
        }})()"""
        assert self.run(script), f"nothing to click that says {words!r}"

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)["data"])

    def picture(self, whole: bool = True) -> bytes:
        """The page as PNG, the whole of it or what the window shows."""
        return base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=whole)["data"])


@contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    """A browser with one page, its profile in `folder`; ended afterwards."""
    binary = shutil.which("chromium") or shutil.which("chromium-browser")
    assert binary, "chromium is not installed: apt-get install chromium"
    process = subprocess.Popen(
        [binary, *FLAGS, f"--user-data-dir={folder}", "about:blank"], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        address = ""
        while not address:
            line = process.stderr.readline()
            assert line or process.poll() is None, "chromium ended before it listened"
            if line.startswith("DevTools listening on "):
                address = line.removeprefix("DevTools listening on ").strip()
        yield from _tab(address)
    finally:
        process.terminate()
        process.wait(30)


def _tab(address: str) -> Iterator[Tab]:
    import urllib.request

    host = address.split("/devtools/")[0].replace("ws://", "http://")
    targets = json.load(urllib.request.urlopen(f"{host}/json/list", timeout=30))
    page = next(target for target in targets if target["type"] == "page")
    # No pings: on a busy machine the browser answers late, and is no less there.
    with connect(page["webSocketDebuggerUrl"], max_size=None, open_timeout=30, ping_interval=None) as socket:
        yield Tab(socket)
