/** What the service itself says of a cluster and its hosts, in its own words, as plain data for people and programs. */
import { printable, redact } from '../core/secret.ts';
import { objects, textOr } from './json.ts';
import { type Cluster, type Host, stageOf } from './types.ts';
import { validationsOf } from './validations.ts';

export interface ValidationReport {
  id: string;
  status: string;
  message: string;
}

export interface HostReport {
  id: string;
  /** As the inventory or the agent named it. */
  name: string;
  role: string;
  status: string;
  statusInfo: string;
  /** Of the installation; empty before it. */
  stage: string;
  percent: number | null;
  checkedInAt: string | null;
  /** Those that do not pass. */
  validations: ValidationReport[];
}

export interface ClusterReport {
  id: string;
  name: string;
  status: string;
  statusInfo: string;
  statusSince: string | null;
  openshiftVersion: string | null;
  percent: number | null;
  /** CIDRs, and addresses of the VIPs. */
  networks: { machine: string[]; cluster: string[]; service: string[]; api: string[]; ingress: string[] };
  validations: ValidationReport[];
  hosts: HostReport[];
}

export function reportOf(cluster: Cluster): ClusterReport {
  const wire: Record<string, unknown> = { ...cluster };
  const texts = (field: string, key: 'cidr' | 'ip'): string[] =>
    objects(wire[field]).flatMap((one) => said(textOr(one[key], '')) || []);
  return {
    id: said(cluster.id),
    name: said(cluster.name),
    status: said(cluster.status),
    statusInfo: said(cluster.status_info),
    statusSince: cluster.status_updated_at === undefined ? null : said(cluster.status_updated_at),
    openshiftVersion: cluster.openshift_version === undefined ? null : said(cluster.openshift_version),
    percent: cluster.progress?.total_percentage ?? null,
    networks: {
      machine: texts('machine_networks', 'cidr'),
      cluster: texts('cluster_networks', 'cidr'),
      service: texts('service_networks', 'cidr'),
      api: texts('api_vips', 'ip'),
      ingress: texts('ingress_vips', 'ip'),
    },
    validations: notPassing(cluster),
    hosts: cluster.hosts.map(hostReport),
  };
}

function hostReport(host: Host): HostReport {
  const { stage, percent } = stageOf(host);
  return {
    id: said(host.id),
    name: said(host.requested_hostname ?? ''),
    role: said(host.role ?? ''),
    status: said(host.status),
    statusInfo: said(host.status_info),
    stage: said(stage),
    percent,
    checkedInAt: host.checked_in_at === undefined ? null : said(host.checked_in_at),
    validations: notPassing(host),
  };
}

function notPassing(subject: { validations_info?: string }): ValidationReport[] {
  return validationsOf(subject)
    .filter(({ status }) => status !== 'success' && status !== 'disabled')
    .map(({ id, status, message }) => ({ id: said(id), status: said(status), message: said(message) }))
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** A stranger's text on one line, without secrets and control characters. */
function said(text: string): string {
  return printable(redact(text), 400);
}
