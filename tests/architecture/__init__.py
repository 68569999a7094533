"""The rooms of the house, held to what their imports and the graph say, and drawn. Belongs here: the picture in docs/pictures/architecture.svg. Not here: what a room does."""
