import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";

/** The page loads nothing from elsewhere, and nobody may show it in a frame. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const WITHOUT_PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>seed-bulk</title>
<h1>seed-bulk</h1>
<p>The web page is not built in this checkout: <code>npm run build</code> builds it. The API is there: <a href="/docs">its description</a>.</p>
</html>
`;

/** The web page at `/`, where it was built; else a line that says so. */
export async function addPages(app: FastifyInstance, webDir: string | undefined): Promise<void> {
  if (webDir === undefined) {
    app.get("/", { schema: { hide: true } as object }, async (_request, reply) => {
      reply.header("content-security-policy", CONTENT_SECURITY_POLICY).type("text/html; charset=utf-8");
      return WITHOUT_PAGE;
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: webDir,
    cacheControl: false,
    setHeaders(reply, path) {
      reply.setHeader("content-security-policy", CONTENT_SECURITY_POLICY);
      // Vite names what lies in assets by its content.
      const isNamedByContent = /[\\/]assets[\\/]/.test(path);
      reply.setHeader("cache-control", isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
