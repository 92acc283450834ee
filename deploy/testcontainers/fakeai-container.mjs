// fakeai-images as a container of testcontainers-node: copy this file into your tests.
//
//   npm install --save-dev testcontainers openai
//
//   const mock = await startFakeAI({ settings: { FAKEAI_PROFILE: "openai" } });
//   const client = new OpenAI({ baseURL: mock.baseURL, apiKey: "test" });
//   …
//   await mock.stop();
import { GenericContainer, Wait } from "testcontainers";

const PORT = 8000;

/**
 * Starts a mock of the OpenAI Images API, and waits until it is ready.
 *
 * @param {object} [options]
 * @param {string} [options.image] as `docker run` takes it
 * @param {Record<string, string>} [options.settings] the server's settings by the names of their variables
 */
export async function startFakeAI({ image = "fakeai-images:latest", settings = {} } = {}) {
  const container = await new GenericContainer(image)
    .withExposedPorts(PORT)
    .withEnvironment({
      FAKEAI_HOST: "0.0.0.0",
      FAKEAI_PORT: String(PORT),
      // Tests reach the container from a private network, and may set rules and read the journal.
      FAKEAI_INSIDERS: "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
      ...settings,
    })
    // Docker's own 64 MB are less than the store.
    .withSharedMemorySize(512 * 1024 * 1024)
    .withWaitStrategy(Wait.forHttp("/readyz", PORT).forStatusCode(200))
    .start();
  const url = `http://${container.getHost()}:${container.getMappedPort(PORT)}`;

  return {
    /** The server's address. */
    url,
    /** The base URL for OpenAI's SDKs. */
    baseURL: `${url}/v1`,
    /** Replaces the rules of a session, or of the requests without one. */
    setRules: (rules, session = "") => send("PUT", `${url}/_fakeai/rules?session=${session}`, rules),
    /** The requests of a session that were answered, oldest first, at most 1000. */
    requests: async (session = "") => (await send("GET", `${url}/_fakeai/requests?session=${session}&limit=1000`)).requests,
    /** Clears the journal, the rules and the counts of a session. */
    reset: (session = "") => send("POST", `${url}/_fakeai/reset?session=${session}`),
    stop: () => container.stop(),
  };
}

async function send(method, url, body) {
  const response = await fetch(url, {
    method,
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  const document = await response.json();
  if (!response.ok) throw new Error(`${method} ${url} was answered with ${response.status}: ${document.error.message}`);
  return document;
}
