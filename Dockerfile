# The program in a container. Two stages: what builds stays behind, what runs is a virtual environment and the system.
# Debian, not Alpine: the libraries ship wheels for it, so nothing is compiled here.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /source
COPY requirements/ requirements/
RUN python -m venv /opt/monitor \
    && /opt/monitor/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements/build.txt
COPY pyproject.toml README.md LICENSE sources.toml ./
COPY migrations/ migrations/
COPY monitor/ monitor/
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/monitor/bin/pip install --no-deps --no-index /wheels/*.whl \
    && /opt/monitor/bin/pip check \
    && /opt/monitor/bin/pip uninstall --yes pip

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="announcement-monitor" \
      org.opencontainers.image.description="Watches news feeds and government pages for announcements and sends digests" \
      org.opencontainers.image.licenses="MIT"
RUN groupadd --system --gid 10001 monitor \
    && useradd --system --uid 10001 --gid monitor --home-dir /data --no-create-home --shell /usr/sbin/nologin monitor \
    && install --directory --owner=monitor --group=monitor --mode=0750 /config /data
COPY --from=build /opt/monitor /opt/monitor
ENV PATH=/opt/monitor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MONITOR_CONFIG=/config/sources.toml \
    MONITOR_DATABASE_URL=sqlite:////data/monitor.db
USER 10001:10001
WORKDIR /data
VOLUME ["/config", "/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=20s --start-period=2m --retries=3 CMD ["monitor", "status", "--health"]
ENTRYPOINT ["monitor"]
CMD ["run"]
