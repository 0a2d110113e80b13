# Built apart, so that the compiler and the development packages stay out of the image.
FROM node:22-slim AS build
WORKDIR /app
# Packages first: they change less often than the source, and Docker keeps the layer.
COPY package.json package-lock.json ./
# Without scripts: ours would compile source that is not here yet, and the others only prepare the embedded Postgres.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-slim
# No NODE_ENV: it would say that the surroundings are production's, and nothing may be filled there. Whoever runs the
# image in production sets it, and is refused; packages for development are left out above, by name.
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/bin ./bin
COPY --from=build /app/dist ./dist
COPY --from=build /app/scenarios ./scenarios
# The image's own unprivileged user. Without DATABASE_URL the embedded Postgres runs as it, in its home.
USER node
ENV SEED_BULK_HOME=/home/node/.seed-bulk
ENTRYPOINT ["node", "/app/bin/seed-bulk.js"]
