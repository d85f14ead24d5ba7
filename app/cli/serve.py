"""How does the API run? One uvicorn process; more of them stand behind the bank's own proxy."""


def serve() -> None:
    """Serve the API on HUFU_HOST and HUFU_PORT until told to stop."""
    import uvicorn  # noqa: PLC0415

    from app.routers.envelope import SOCKET_MESSAGE  # noqa: PLC0415
    from app.settings import Settings  # noqa: PLC0415

    settings = Settings()
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="app.routers.connection:Connection",  # httptools, with bounds
        ws="app.routers.sockets:Socket",  # websockets-sansio, with bounds
        ws_max_size=SOCKET_MESSAGE,
        ws_per_message_deflate=False,  # a picture is packed already, and whoever unpacks can be made to unpack a gigabyte
        access_log=False,  # addresses hold ids of people; our own log leaves them out
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=10,  # seconds
        log_level=settings.log_level,
    )
