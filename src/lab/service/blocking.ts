/** Which of the computed validations hold a host back; the rest is shown only (assisted-service.md §2.4). */

/** Too little hardware has a sentence of its own. */
export const MINIMUM: ReadonlySet<string> = new Set(['has-min-valid-disks', 'has-min-cpu-cores', 'has-min-memory']);

export const BLOCKING: ReadonlySet<string> = new Set([
  ...MINIMUM,
  'has-inventory',
  'machine-cidr-defined',
  'has-cpu-cores-for-role',
  'has-memory-for-role',
  'belongs-to-machine-cidr',
  'hostname-valid',
  'has-default-route',
  'api-domain-name-resolved-correctly',
  'api-int-domain-name-resolved-correctly',
  'apps-domain-name-resolved-correctly',
  'dns-wildcard-not-configured',
  'sufficient-installation-disk-speed',
  'time-synced-between-host-and-service',
]);
