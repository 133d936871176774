# Multi-stage build: the final image contains the service and its Python only.
ARG PYTHON_IMAGE=python:3.13-slim

FROM ${PYTHON_IMAGE} AS build
# With the formats ONNX and safetensors (34 MB). requirements-cluster.txt adds PostgreSQL and Dask,
# requirements-fast.txt compiled training kernels (210 MB).
ARG REQUIREMENTS=requirements.txt
RUN python3 -m venv /opt/chainrule
WORKDIR /source
# Dependencies first, so that a change of the sources does not install them again.
COPY ${REQUIREMENTS} ./
RUN /opt/chainrule/bin/pip install --no-cache-dir --require-hashes -r ${REQUIREMENTS}
COPY pyproject.toml README.md ./
COPY core core
COPY service service
COPY openapi/examples openapi/examples
RUN /opt/chainrule/bin/pip install --no-cache-dir --no-deps . \
    && /opt/chainrule/bin/pip uninstall --yes pip setuptools
# Compiled for all hosts of this architecture; the running image reads the cache only.
RUN if [ "${REQUIREMENTS}" = requirements-fast.txt ]; then \
        /opt/chainrule/bin/chainrule compile --portable; \
    fi

FROM ${PYTHON_IMAGE} AS bare
# A new volume gets the owner of the directory that it covers.
RUN mkdir /data && chown 10001:10001 /data
# The service installs nothing at run time, so package managers are removed.
RUN find / -xdev -depth \( \
        -path '*-packages/pip*' -o -path '*-packages/setuptools*' -o -path '*-packages/wheel*' \
        -o -path '*/ensurepip*' -o -path '*/bin/pip*' -o -path '*/bin/wheel*' \
        -o -path '/usr/lib/apt/*' -o -path '/var/cache/*' \
    \) -delete
# The service starts no program except Python: remove all others, `find` included.
RUN find /bin /sbin /usr/bin /usr/sbin /usr/local/bin /usr/local/sbin \
        -mindepth 1 ! -name 'python*' -delete

# FROM scratch: no lower layer contains what was deleted.
FROM scratch
COPY --from=bare / /
COPY --from=build /opt/chainrule /opt/chainrule
USER 10001:10001
WORKDIR /data
VOLUME /data
ENV PATH=/opt/chainrule/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MPLCONFIGDIR=/tmp/matplotlib \
    MALLOC_ARENA_MAX=2 \
    CHAINRULE_HOST=0.0.0.0 \
    CHAINRULE_PORT=8000 \
    CHAINRULE_DATABASE_URL=sqlite:////data/chainrule.db
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"CHAINRULE_PORT\"]}/health/ready', timeout=2)"]
CMD ["chainrule", "serve"]
