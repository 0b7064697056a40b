/** The common frame of every Redfish resource. */
import type { Document } from './bmc.ts';

export const link = (path: string): Document => ({ '@odata.id': path });

/** `type` is `Schema.version.Schema`; Id is the path's last part unless `more` says otherwise. */
export function resource(type: string, path: string, name: string, more: Document): Document {
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

const PAGE = 2;

/** A collection's page of `size` members that begins after `skip`, and where the next one is. */
export function collection(schema: string, path: string, members: string[], skip: number, size = PAGE): Document {
  const type = `${schema}Collection.${schema}Collection`;
  return {
    '@odata.context': `/redfish/v1/$metadata#${type}`,
    '@odata.id': path,
    '@odata.type': `#${type}`,
    Name: `${schema} Collection`,
    Members: members.slice(skip, skip + size).map(link),
    'Members@odata.count': members.length,
    ...(members.length > skip + size ? { 'Members@odata.nextLink': `${path}?$skip=${skip + size}` } : {}),
  };
}
