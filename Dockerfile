# Built apart, so that the compiler and the development packages stay out of the image.
FROM node:22-slim AS build
WORKDIR /src
# Packages first: they change less often than the source, and Docker keeps the layer.
COPY package.json package-lock.json ./
# Without scripts: ours would compile source that is not here yet, and the others only prepare the embedded Postgres.
RUN npm ci --ignore-scripts
COPY . .
# What npm would publish, and nothing else.
RUN npm run build && npm pack --ignore-scripts --pack-destination /tmp \
  && mkdir /app && tar -xzf /tmp/seed-bulk-*.tgz -C /app --strip-components=1 --no-same-owner
# The packages that it needs, as the lock file has them, and the queue of `work --engine pg-boss`.
RUN cp package-lock.json /app && cd /app && npm ci --omit=dev --ignore-scripts \
  && npm install --no-save --omit=dev --ignore-scripts pg-boss@12

FROM node:22-slim
# No NODE_ENV: it would say that the surroundings are production's, and nothing may be filled there. Whoever runs the
# image in production sets it, and is refused; packages for development are left out above, by name.
WORKDIR /app
COPY --from=build /app ./
# The image's own unprivileged user. Without DATABASE_URL the embedded Postgres runs as it, in its home.
USER node
ENV SEED_BULK_HOME=/home/node/.seed-bulk
ENTRYPOINT ["node", "/app/bin/seed-bulk.js"]
