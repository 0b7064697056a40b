/** The validation ids that issue "First light" names, as they stand in a ready cluster. */
const pass = (ids: string): Record<string, string> => Object.fromEntries(ids.split(' ').map((id) => [id, 'success']));

export const SERVICE_VALIDATIONS = {
  cluster: pass(
    'pull-secret-set all-hosts-are-ready-to-install sufficient-masters-count dns-domain-defined machine-cidr-defined',
  ),
  host: pass(
    'has-inventory has-min-cpu-cores has-min-memory has-min-valid-disks has-cpu-cores-for-role has-memory-for-role hostname-valid ' +
      'sufficient-installation-disk-speed machine-cidr-defined belongs-to-machine-cidr has-default-route ntp-synced ' +
      'time-synced-between-host-and-service container-images-available api-domain-name-resolved-correctly ' +
      'api-int-domain-name-resolved-correctly apps-domain-name-resolved-correctly dns-wildcard-not-configured',
  ),
};
