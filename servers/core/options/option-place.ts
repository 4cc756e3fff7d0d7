/**
 * Finds the options that a section and a name mean. A section is written bare (`service:wmsg`, `log`) or with its application
 * before a dot (`frontend.log`); a Chat Server's sections carry their tenant (`endpoints:1`).
 *
 * A bare section means every application that has the option in it. Where that is more than one, the option must be the same
 * on all of them, as in `log`; else (`settings/loadbalancer`: each server's is the other one's balancer) the application has
 * to be written.
 */
import { closestName } from './closest-name.ts';
import {
  ENDPOINT_FAMILY,
  isOptionPath,
  OPTIONS,
  SECTION_APPLICATIONS,
  sectionPath,
  type OptionPath,
} from './option-table.ts';
import type { Application, Option } from './option.ts';

/** The section whose options are the same on every application that has them. */
const SHARED_SECTION = 'log';

/** Wrong names that stand in the guide itself: where, and what is meant. */
const GUIDE_SLIPS: Readonly<Record<string, { readonly meant: string; readonly at: string }>> = {
  'server:wes': { meant: 'service:wes', at: 'L2340' },
  'trusted-pwd': { meant: 'trusted-ca-pwd', at: 'L1970' },
};

const ENDPOINTS = /^endpoints:(\d+)$/;

export type OptionPlace =
  | {
      readonly found: 'options';
      readonly paths: readonly OptionPath[];
      /** An application was written. */
      readonly specific: boolean;
    }
  /** A Chat Server end point: `key` is `<tenant>:<name>`, as queueKey names it. */
  | { readonly found: 'endpoint'; readonly key: string }
  | { readonly found: 'nothing'; readonly wrong: 'section' | 'name'; readonly message: string };

/** Each bare section, and each with an application before it. */
export function sectionSpellings(): readonly string[] {
  return Object.entries(SECTION_APPLICATIONS).flatMap(([section, applications]) => [
    section,
    ...applications.map((application) => `${application}.${section}`),
  ]);
}

export function locateOption(section: string, name: string): OptionPlace {
  const parsed = parseSection(section);
  const tenant = ENDPOINTS.exec(parsed.bare)?.[1];
  if (tenant !== undefined && isChatServer(parsed.application)) return locateEndpoint(tenant, name);
  const inSection = OPTIONS.filter(
    (option) =>
      option.section === parsed.bare &&
      option.path !== ENDPOINT_FAMILY &&
      (parsed.application === undefined || option.application === parsed.application),
  );
  if (inSection.length === 0) return { found: 'nothing', wrong: 'section', message: describeUnknownSection(section) };
  const named = inSection.filter((option) => option.name === name);
  if (named.length === 0) {
    return { found: 'nothing', wrong: 'name', message: describeUnknownName(section, name, inSection) };
  }
  if (named.length > 1 && parsed.bare !== SHARED_SECTION) {
    const choices = named.map((option) => option.path).join(', ');
    return {
      found: 'nothing',
      wrong: 'name',
      message: `"${section}/${name}" means different options: write one of ${choices}`,
    };
  }
  return {
    found: 'options',
    paths: named.map((option) => option.path).filter(isOptionPath),
    specific: parsed.application !== undefined,
  };
}

function isChatServer(application: string | undefined): boolean {
  return application === undefined || application === 'chat-server';
}

function locateEndpoint(tenant: string, name: string): OptionPlace {
  if (/^[A-Za-z0-9._-]+$/.test(name)) return { found: 'endpoint', key: `${tenant}:${name}` };
  const message = `"${name}" is no name of an end point: expected letters, digits, dot, underscore and minus, such as webme`;
  return { found: 'nothing', wrong: 'name', message };
}

function parseSection(section: string): { readonly application: string | undefined; readonly bare: string } {
  const dot = section.indexOf('.');
  const head = section.slice(0, Math.max(0, dot));
  const isApplication = Object.values(SECTION_APPLICATIONS).some((applications) =>
    applications.some((one: Application) => one === head),
  );
  return isApplication
    ? { application: head, bare: section.slice(dot + 1) }
    : { application: undefined, bare: section };
}

function describeUnknownSection(section: string): string {
  const slip = describeSlip(section);
  if (slip !== undefined) return `unknown section "${section}": ${slip}`;
  if (/^(chat-server\.)?endpoints:/.test(section)) {
    return `unknown section "${section}": expected the digits of a tenant ID, as in "endpoints:1"`;
  }
  const spellings = sectionSpellings();
  // The first of equals is taken: a bare section goes before one with its application.
  const closest = closestName(
    section,
    [...spellings.filter((one) => !one.includes('.')), ...spellings].map(withTenant),
  );
  if (closest !== undefined) return `unknown section "${section}": did you mean "${closest}"?`;
  return `unknown section "${section}": expected one of ${Object.keys(SECTION_APPLICATIONS).join(', ')}`;
}

/** The family of end points by the tenant that everyone has. */
function withTenant(section: string): string {
  return section.replace('<tenantID>', '1');
}

function describeUnknownName(section: string, name: string, inSection: readonly Option[]): string {
  const unknown = `unknown option "${name}" in section "${section}"`;
  const slip = describeSlip(name);
  if (slip !== undefined) return `${unknown}: ${slip}`;
  const elsewhere = OPTIONS.filter((option) => option.name === name);
  if (elsewhere.length > 0)
    return `${unknown}: did you mean ${elsewhere.map((option) => `"${option.path}"`).join(' or ')}?`;
  const here = closestName(
    name,
    inSection.map((option) => option.name),
  );
  if (here !== undefined) return `${unknown}: did you mean "${here}"?`;
  const anywhere = closestName(
    name,
    OPTIONS.map((option) => option.name),
  );
  const option = OPTIONS.find((one) => one.name === anywhere);
  return option === undefined
    ? `${unknown}: it has ${[...new Set(inSection.map((one) => one.name))].join(', ')}`
    : `${unknown}: did you mean "${option.path}"?`;
}

function describeSlip(written: string): string | undefined {
  const slip = Object.hasOwn(GUIDE_SLIPS, written) ? GUIDE_SLIPS[written] : undefined;
  return slip && `did you mean "${slip.meant}"? (a slip of the guide, ${slip.at})`;
}

/** The section in which an option's value is written when nothing says otherwise. */
export function canonicalSection(option: Option): string {
  return sectionPath(option.application, option.section);
}

/** `section/name` taken apart at its last slash; undefined where there is none. */
export function parseOptionPath(path: string): { readonly section: string; readonly name: string } | undefined {
  const slash = path.lastIndexOf('/');
  return slash > 0 && slash < path.length - 1
    ? { section: path.slice(0, slash), name: path.slice(slash + 1) }
    : undefined;
}
