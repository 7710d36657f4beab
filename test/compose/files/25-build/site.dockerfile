FROM topo/busybox AS base
ARG VERSION
LABEL version=$VERSION
FROM base AS final
WORKDIR /srv
CMD ["sleep", "3600"]
FROM base AS unused
CMD ["false"]
