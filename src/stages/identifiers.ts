/** Identifiers of machines as people and firmware write them: placeholders say nothing, spelling does not matter. */

/** What makers leave in, lower case without spaces and punctuation. */
const PLACEHOLDERS = new Set([
  'tobefilledbyoem',
  'tobefilled',
  'tobedetermined',
  'defaultstring',
  'default',
  'systemserialnumber',
  'chassisserialnumber',
  'baseboardserialnumber',
  'serialnumber',
  'oem',
  'oemstring',
  'notspecified',
  'notapplicable',
  'notavailable',
  'notsettable',
  'none',
  'null',
  'na',
  'unknown',
  'unspecified',
  'undefined',
  'invalid',
  'empty',
  'blank',
  'xxxxxxxxxx',
  '0123456789',
  '123456789',
  '1234567890',
  // AMI's, on boards whose maker set none.
  '03000200040005000006000700080009',
  '00020003000400050006000700080009',
]);

/** The identifier where it says something; null for what stands in for one: `To be filled by O.E.M.`, zeros, all-F. */
export function real(value: string | null | undefined): string | null {
  const text = value?.trim() ?? '';
  const bare = bareOf(text);
  return bare === '' || PLACEHOLDERS.has(bare) || /^(.)\1*$/.test(bare) ? null : text;
}

/** Whether `value` is one of `found`; false where it says nothing. */
export function same(value: string | null, ...found: (string | null)[]): boolean {
  const wanted = real(value)?.toLowerCase();
  return wanted !== undefined && found.some((one) => real(one)?.toLowerCase() === wanted);
}

interface Described {
  vendor?: string;
  model?: string | null;
  serial: string | null;
  sku?: string | null;
  uuid: string | null;
  macs?: readonly string[];
  fingerprint: string | null;
}

export function inWords({ vendor, model, serial, sku, uuid, macs = [], fingerprint }: Described): string {
  const parts = [
    [vendor, model].filter(Boolean).join(' '),
    serial && `serial number ${serial}`,
    sku && sku !== serial && `SKU ${sku}`,
    uuid && `UUID ${uuid}`,
    macs.length > 0 && `MAC ${macs.slice(0, MOST_MACS).join(', ')}`,
    fingerprint && `certificate SHA-256 ${fingerprint}`,
  ];
  return parts.filter(Boolean).join(', ') || 'nothing that identifies it';
}

const MOST_MACS = 4;

function bareOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}
