# Starts the server over stdio: docker run --rm -i -v ssh-mcp:/data ssh-mcp
# Everything that persists is below /data: /data/.ssh (keys, known_hosts), /data/.config/ssh-mcp/hosts.yaml, audit log, state.
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs

FROM node:22-bookworm-slim
LABEL org.opencontainers.image.title="ssh-mcp" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /src/dist /opt/ssh-mcp/dist
COPY --from=build /src/package.json /src/LICENSE /opt/ssh-mcp/
RUN ln -s /opt/ssh-mcp/dist/cli.js /usr/local/bin/ssh-mcp \
 && install -d -o node -g node -m 700 /data
ENV HOME=/data
USER node
WORKDIR /data
VOLUME /data
ENTRYPOINT ["ssh-mcp"]
