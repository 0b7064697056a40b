/** What the agent knows of the world: nothing but the text of its unit. */

export interface AgentConfig {
  /** Base URL of the service. */
  url: string;
  infraEnvId: string;
  /** The agent's image. */
  version: string;
  /** PULL_SECRET_TOKEN. */
  token: string;
}

/** Reads agent.service. Throws an Error that names what is missing. */
export function readAgentUnit(text: string): AgentConfig {
  const start = /^ExecStart=(.*)$/m.exec(text)?.[1] ?? '';
  const option = (name: string): string => {
    const value = new RegExp(`--${name}[ =](\\S+)`).exec(start)?.[1];
    if (value === undefined) throw new Error(`agent.service has no --${name}`);
    return value;
  };
  const token = /^Environment="?PULL_SECRET_TOKEN=([^"\n]*)"?$/m.exec(text)?.[1];
  if (token === undefined) throw new Error('agent.service has no PULL_SECRET_TOKEN');
  return {
    url: option('url').replace(/\/$/, ''),
    infraEnvId: option('infra-env-id'),
    version: option('agent-version'),
    token,
  };
}
