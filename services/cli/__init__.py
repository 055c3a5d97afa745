"""The `handbill` command: composition only. It alone may import services, and loads each when it is needed."""
