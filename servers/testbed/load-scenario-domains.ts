/** Rule packages and domains: where these are separated, each package must be named by a domain that the site has pages in. */
import { describePackageNameFault, domainOfPackage } from '#core/rules/package-domain.ts';
import type { RulePackage } from '#core/rules/rule-package.ts';
import { hostOf, isInDomain } from '#core/visits/domain.ts';
import type { SiteModel } from '#core/visits/site-model.ts';
import type { ScenarioDocument } from '#protocol/scenario-file.ts';

/** Reports each package that would never be asked; `packages` stand as the scenario names them, undefined where one can't be read. */
export function reportForeignPackages(
  packages: readonly (RulePackage | undefined)[],
  site: SiteModel | undefined,
  document: ScenarioDocument,
): void {
  packages.forEach((rulePackage, index) => {
    if (rulePackage === undefined) return;
    const fault = describePackageNameFault(rulePackage.name) ?? describeForeignDomain(rulePackage.name, site);
    if (fault !== null) document.report(['rules', index], fault);
  });
}

function describeForeignDomain(name: string, site: SiteModel | undefined): string | null {
  const domain = domainOfPackage(name);
  if (site === undefined || site.pages.some(({ url }) => isInDomain(hostOf(url), domain))) return null;
  return `no page of the site lies in ${domain}, which the package "${name}" is for as cep.domainSeparation is on`;
}
