# One image with the server, its client and the media worker.
#
#   docker build -t tertulia .
#   docker run --network host -v tertulia:/data tertulia

FROM node:24-bookworm AS build
WORKDIR /app
ENV XDG_CACHE_HOME=/cache
# The worker first, in a layer of its own: it takes minutes, and changes with mediasoup and the recipe only.
COPY package.json package-lock.json .npmrc ./
COPY server/setup server/setup
COPY worker-config/mediasoup-worker worker-config/mediasoup-worker
RUN node server/setup/bootstrap.mjs worker
COPY . .
RUN npm run build && cp /cache/tertulia/worker-*/mediasoup-worker /app/mediasoup-worker
RUN npm prune --omit=dev && rm -rf node_modules/mediasoup/worker node_modules/.cache

FROM node:24-bookworm-slim
# What a worker built from source is linked with; mediasoup's prebuilt one brings all it needs.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libuv1 libssl3 libsrtp2-1 libabsl20220623 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app ./
RUN mkdir /data && chown node:node /data
USER node
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data MEDIASOUP_WORKER_BIN=/app/mediasoup-worker
# What is compiled is kept for the next start, which takes half the time, and 17 MiB less in each process.
ENV NODE_COMPILE_CACHE=/tmp/compiled
# Web and signalling; media, one port a worker from 40000 up, one worker a processor.
EXPOSE 3000/tcp 40000-40031/udp 40000-40031/tcp
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD ["node", "server/setup/health.mjs"]
# The flags are those of server/setup/node-flags.ts.
CMD ["node", "--disable-warning=ExperimentalWarning", "--max-semi-space-size=4", "server/main.ts"]
