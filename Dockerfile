# Simulators and reference client in one image; what runs is the command.
FROM node:20-bookworm-slim

WORKDIR /app

# Dependencies change more seldom than code.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# .dockerignore says what: bin, simulators, scenarios, reference-client, contracts, without tests.
COPY . .

USER node

# Control plane and docs, then FYND, Arvind, Konnect, payment gateway; the reference client.
EXPOSE 4000 4010 4020 4030 4040 4100

HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=5 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4000/_sim/health').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

ENTRYPOINT ["node", "bin/understudy.mjs"]
CMD ["up"]
