import type { Agent } from 'node:http';
import { loadPackage } from '../load-package.ts';
import type { ResolvedOtlpOptions } from '../options.ts';
import { builtinHttp, builtinHttps } from './node-http.ts';
import { openTlsFiles, type TlsMaterial } from './tls-files.ts';

/** Connections to one backend. */
export interface Connections {
  /** The agent for the next request: a new one when the TLS files were replaced. Older connections end with their requests. */
  agent(): Promise<Agent>;
  close(): void;
}

/** Opens nothing yet: connections are made when requests need them, and kept for the next. */
export async function openConnections(options: ResolvedOtlpOptions, maxSockets: number): Promise<Connections> {
  const tls = await openTlsFiles(options.tlsFiles);
  const create = await agentFactory(options, maxSockets);
  let agent: Agent | undefined;
  return {
    async agent() {
      const { material, isNew } = await tls.current();
      if (isNew) {
        retire(agent);
        agent = undefined;
      }
      agent ??= create(material);
      return agent;
    },
    close: () => agent?.destroy(),
  };
}

/** Idle connections go now, busy ones when their answer is there. */
function retire(agent: Agent | undefined): void {
  if (!agent) return;
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

async function agentFactory(
  { url, environment }: ResolvedOtlpOptions,
  maxSockets: number,
): Promise<(tls: TlsMaterial) => Agent> {
  const isSecure = new URL(url).protocol === 'https:';
  const kept = { keepAlive: true, maxSockets };
  const proxy = await proxyFor(url, environment);
  if (proxy === undefined) {
    const { Agent } = isSecure ? builtinHttps() : builtinHttp();
    return (tls) => new Agent({ ...kept, ...(isSecure ? tls : {}) });
  }
  if (isSecure) {
    const { HttpsProxyAgent } = await loadPackage(
      'https-proxy-agent',
      'the variable HTTPS_PROXY',
      () => import('https-proxy-agent'),
    );
    return (tls) => new HttpsProxyAgent(proxy, { ...kept, ...tls });
  }
  const { HttpProxyAgent } = await loadPackage(
    'http-proxy-agent',
    'the variable HTTP_PROXY',
    () => import('http-proxy-agent'),
  );
  return () => new HttpProxyAgent(proxy, kept);
}

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];

/** A proxy on another machine cannot reach what listens on this one. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** The proxy that `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` name for an address, in either case. */
async function proxyFor(url: string, environment: ResolvedOtlpOptions['environment']): Promise<string | undefined> {
  const isNamed = PROXY_VARIABLES.some((name) => environment[name] || environment[name.toLowerCase()]);
  if (!isNamed || LOOPBACK.test(new URL(url).hostname)) return undefined;
  const { getProxyForUrl } = await loadPackage(
    'proxy-from-env',
    'the variables of proxies',
    () => import('proxy-from-env'),
  );
  return getProxyForUrl(url) || undefined;
}
