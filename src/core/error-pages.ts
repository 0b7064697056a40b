/** The long texts of the catalogue, by code: for docs/errors/ and `snoboot why`, loaded by nobody else. */
import type { ErrorPage } from './error-page.ts';
import { BMC_PAGES } from './error-pages-bmc.ts';
import { HOST_PAGES } from './error-pages-host.ts';
import { INSTALL_PAGES } from './error-pages-install.ts';
import { MEDIA_PAGES } from './error-pages-media.ts';
import { OWN_PAGES } from './error-pages-own.ts';
import { SERVICE_PAGES } from './error-pages-service.ts';
import { STORAGE_PAGES } from './error-pages-storage.ts';
import type { Code } from './errors.ts';

export const PAGES: Readonly<Record<Code, ErrorPage>> = {
  ...OWN_PAGES,
  ...STORAGE_PAGES,
  ...SERVICE_PAGES,
  ...INSTALL_PAGES,
  ...BMC_PAGES,
  ...MEDIA_PAGES,
  ...HOST_PAGES,
};
