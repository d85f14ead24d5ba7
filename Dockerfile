# The service alone: no test tools, no compiler, not root. Build: docker build -t hufu .
# Run: API `docker run … hufu serve`, worker `docker run … hufu worker`, migrations `docker run … hufu migrate`.

FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/hufu
RUN python -m venv .venv
COPY requirements.lock requirements-dev.lock ./
# One package is a source archive: its build back end comes from the lock as well, and leaves again.
RUN awk '/^[a-z]/ {wanted = /^(setuptools|flit-core)==/} wanted' requirements-dev.lock > build.lock \
 && .venv/bin/pip install --no-deps --require-hashes -r build.lock \
 && .venv/bin/pip install --no-deps --require-hashes --no-build-isolation --use-pep517 -r requirements.lock
COPY checks/__init__.py checks/strip.py checks/
COPY pyproject.toml README.md ./
COPY app app
COPY migrations migrations
RUN .venv/bin/python -m checks.strip \
 && .venv/bin/pip install --no-deps --no-build-isolation -e . \
 && .venv/bin/pip uninstall --yes setuptools \
 && rm -rf checks build.lock requirements-dev.lock

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin hufu
COPY --from=packages /opt/hufu /opt/hufu
WORKDIR /opt/hufu
ENV PATH=/opt/hufu/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HUFU_HOST=0.0.0.0
USER 10001
EXPOSE 8000
ENTRYPOINT ["hufu"]
CMD ["serve"]
HEALTHCHECK --interval=10s --timeout=3s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/livez', timeout=2)"]
