"""How does a worker run? As many processes, on as many machines, as there is work."""


def worker() -> None:
    """Examine queued proofings and send what the outbox holds, until told to stop."""
    from app.worker import main  # noqa: PLC0415

    main()
