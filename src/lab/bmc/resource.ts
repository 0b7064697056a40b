/** The common frame of every Redfish resource. */

export const link = (path: string): { '@odata.id': string } => ({ '@odata.id': path });

/** `type` is `Schema.version.Schema`; Id is the path's last part unless `more` says otherwise. */
export function resource(
  type: string,
  path: string,
  name: string,
  more: Record<string, unknown>,
): Record<string, unknown> {
  const schema = type.split('.')[0];
  return {
    '@odata.context': `/redfish/v1/$metadata#${schema}.${schema}`,
    '@odata.id': path,
    '@odata.type': `#${type}`,
    Id: path.slice(path.lastIndexOf('/') + 1),
    Name: name,
    ...more,
  };
}

export function collection(schema: string, path: string, members: string[]): Record<string, unknown> {
  const type = `${schema}Collection.${schema}Collection`;
  return {
    '@odata.context': `/redfish/v1/$metadata#${type}`,
    '@odata.id': path,
    '@odata.type': `#${type}`,
    Name: `${schema} Collection`,
    Members: members.map(link),
    'Members@odata.count': members.length,
  };
}

const PAGE = 2;

/** One page of a collection: two members, and where the next ones are. Anything else is as it was. */
export function pageOf(document: Record<string, unknown>, skip: number): Record<string, unknown> {
  const members = document['Members'];
  if (!Array.isArray(members)) return document;
  const next = `${String(document['@odata.id'])}?$skip=${skip + PAGE}`;
  return {
    ...document,
    Members: members.slice(skip, skip + PAGE),
    ...(members.length > skip + PAGE ? { 'Members@odata.nextLink': next } : {}),
  };
}
