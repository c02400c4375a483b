/** A program that uses the API of a running server, and holds every answer against what the server documents. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Scope } from '../../server/access/api-keys.ts';
import { type ServerProcess } from './server-process.ts';

export interface ApiAnswer<T> {
  status: number;
  type: string;
  headers: Headers;
  /** Of JSON; of anything else its text. */
  body: T;
}

interface Operation {
  security?: unknown[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

export interface ApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });

export class ApiClient {
  readonly #url: URL;
  readonly #document: ApiDocument;
  /** Operations that were used, by any client of the same document. */
  readonly #used: Set<string>;
  readonly #headers: Record<string, string>;

  private constructor(url: URL, document: ApiDocument, used: Set<string>, headers: Record<string, string>) {
    this.#url = url;
    this.#document = document;
    this.#used = used;
    this.#headers = headers;
  }

  /** With a key that has these scopes; without any, as nobody in particular. */
  static async of(server: ServerProcess, ...scopes: Scope[]): Promise<ApiClient> {
    const url = new URL('api/', server.url);
    const document = (await (await fetch(new URL('openapi.json', url))).json()) as ApiDocument;
    const client = new ApiClient(url, document, new Set(), {});
    if (scopes.length === 0) return client;
    const options = scopes.flatMap((scope) => ['--scope', scope]);
    const [key = ''] = (await server.command('keys', 'add', 'test', ...options)).split('\n');
    return client.with(key);
  }

  get document(): ApiDocument {
    return this.#document;
  }

  /** Method and path, such as `get /api/rooms`. */
  get operations(): string[] {
    return Object.entries(this.#document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
  }

  get unused(): string[] {
    return this.operations.filter((operation) => !this.#used.has(operation));
  }

  /** The same with another key. */
  with(key: string): ApiClient {
    return this.withHeaders({ authorization: `Bearer ${key}` });
  }

  withHeaders(headers: Record<string, string>): ApiClient {
    return new ApiClient(this.#url, this.#document, this.#used, headers);
  }

  /** @throws Error for an answer that is not as documented */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    payload?: unknown,
  ): Promise<ApiAnswer<T>> {
    const response = await fetch(new URL(path, this.#url), {
      method: method.toUpperCase(),
      redirect: 'manual',
      headers: {
        ...this.#headers,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
    });
    const text = await response.text();
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
    const body: unknown = type === 'application/json' ? JSON.parse(text) : text;
    this.#check(method.toLowerCase(), new URL(response.url).pathname, response.status, type, body);
    return { status: response.status, type, headers: response.headers, body: body as T };
  }

  /** Opens server-sent events, each of which is JSON. */
  async stream(path: string): Promise<EventReader> {
    const response = await fetch(new URL(path, this.#url), { headers: this.#headers });
    this.#check('get', new URL(response.url).pathname, response.status, 'text/event-stream', '');
    if (!response.body) throw new Error('There is no stream.');
    return new EventReader(response.body);
  }

  #check(method: string, path: string, status: number, type: string, body: unknown): void {
    const found = Object.entries(this.#document.paths).find(([template, methods]) => {
      const pattern = template.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+');
      return method in methods && new RegExp(`^${pattern}$`).test(path);
    });
    if (!found) throw new Error(`${method} ${path} is not documented.`);
    const [template, methods] = found;
    this.#used.add(`${method} ${template}`);
    const responses = methods[method]?.responses ?? {};
    const documented = responses[String(status)] ?? responses[`${String(status)[0] ?? ''}XX`];
    if (!documented) throw new Error(`${method} ${template} is not documented to answer ${status}.`);
    const { content } = documented;
    if (!content || status === 302) return;
    const schema = content[type]?.schema;
    if (!schema) throw new Error(`${method} ${template} is not documented to answer with ${type}.`);
    if (!ajv.validate(schema, body)) {
      throw new Error(
        `${method} ${template} answered ${status} otherwise than documented: ${ajv.errorsText()}`,
      );
    }
  }
}

/** Server-sent events, one by one. */
export class EventReader {
  readonly #chunks: AsyncIterator<string>;
  #text = '';

  constructor(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#chunks = body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  }

  /** Null at the end. */
  async next(): Promise<Record<string, unknown> | null> {
    for (;;) {
      const [event, ...rest] = this.#text.split('\n\n');
      if (event !== undefined && rest.length > 0) {
        this.#text = rest.join('\n\n');
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) return JSON.parse(data) as Record<string, unknown>;
        continue;
      }
      const chunk = await this.#chunks.next();
      if (chunk.done === true) return null;
      this.#text += chunk.value;
    }
  }

  /** All up to the one that is it. @throws Error at the end */
  async until(isIt: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>[]> {
    const events: Record<string, unknown>[] = [];
    for (;;) {
      const event = await this.next();
      if (!event) throw new Error('The stream has ended.');
      events.push(event);
      if (isIt(event)) return events;
    }
  }
}
