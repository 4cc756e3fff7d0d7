/** A scenario's options: held against the table of options, and against the scenario's groups. */
import { FOLLOW_UP_QUEUE } from '#core/contact-center-settings.ts';
import { checkOptions } from '#core/options/check-options.ts';
import type { OptionPath } from '#core/options/option-table.ts';
import type { ResolvedOptions } from '#core/options/resolved-options.ts';
import type { ScenarioDocument } from '#protocol/scenario-file.ts';

const DEFAULT_CHANNEL = 'service:wmsg/wmsg.connector.defaultEngagementChannel';
const CHAT_GROUP = 'service:pacing/pacing.connector.chatGroup';
const VOICE_GROUP = 'service:pacing/pacing.connector.voiceGroup';

const QUEUE_OPTIONS = [
  'service:wmsg/wmsg.connector.interactionServer.queueQualified',
  'service:wmsg/wmsg.connector.interactionServer.queueEngaged',
  'service:wmsg/wmsg.connector.interactionServer.queueAccepted',
  'service:wmsg/wmsg.connector.interactionServer.queueRejected',
  'service:wmsg/wmsg.connector.interactionServer.queueTimeout',
  'service:wmsg/wmsg.connector.interactionServer.queueFailed',
  'service:wes/wes.connector.chatServer.queueWebengagement',
  'service:wes/wes.connector.interactionServer.wcb.queueSubmit',
] as const satisfies readonly OptionPath[];

/** What other parts of a scenario are held against. */
export interface CheckedOptions {
  /** The names of the interaction queues; undefined where the options, which give most of them, are at fault. */
  readonly queues: readonly string[] | undefined;
  /** `cep.domainSeparation`; false where the options are at fault. */
  readonly domainSeparation: boolean;
}

/** Reports every fault of the options at its place in the document. */
export function checkScenarioOptions(document: ScenarioDocument): CheckedOptions {
  const source = {
    problemAt: (path: readonly PropertyKey[], message: string) => document.problemAt(path.map(String), message),
  };
  const options = checkOptions(document.options, { fidelity: document.fidelity, source, path: ['options'] });
  if (!options.ok) {
    document.problems.push(...options.problems);
    return { queues: undefined, domainSeparation: false };
  }
  reportCallbacksWithoutGroup(options.value, document);
  reportIdleWhatIfs(options.value, document);
  reportUnservedGroups(options.value, document);
  return {
    queues: [...QUEUE_OPTIONS.map((path) => options.value.get(path)), FOLLOW_UP_QUEUE],
    domainSeparation: options.value.get('service:cep/cep.domainSeparation'),
  };
}

/** Interactions go to the groups of the options alone: agents of another group would sit idle for the whole run. */
function reportUnservedGroups(options: ResolvedOptions, document: ScenarioDocument): void {
  for (const { name, channel, index } of document.groupChannels) {
    const option = channel === 'chat' ? CHAT_GROUP : VOICE_GROUP;
    const served = options.get(option);
    if (served.includes(name)) continue;
    const what = channel === 'chat' ? 'chat' : 'callback';
    const message = `no ${what} would come to "${name}": ${option.split('/')[1]} names ${served.join(', ')}`;
    document.report(['groups', index, 'name'], message);
  }
}

/** Every usable hot lead would be invited to a call that nobody is there to make. */
function reportCallbacksWithoutGroup(options: ResolvedOptions, document: ScenarioDocument): void {
  if (options.get(DEFAULT_CHANNEL) !== 'proactiveCallback') return;
  if (document.groupChannels.some(({ channel }) => channel === 'voice')) return;
  document.report(placeOf(DEFAULT_CHANNEL), 'expected a group with channel: voice, which makes the callbacks');
}

/** Where pacing is off there is nothing that could be told another goal. */
function reportIdleWhatIfs(options: ResolvedOptions, document: ScenarioDocument): void {
  if (options.get(DEFAULT_CHANNEL) === null) return;
  (document.value?.whatIf ?? []).forEach((_whatIf, index) => {
    document.report(
      ['whatIf', index],
      `pacing is off: ${DEFAULT_CHANNEL.split('/')[1]} is given, so nothing would change`,
    );
  });
}

function placeOf(path: OptionPath): readonly string[] {
  const slash = path.indexOf('/');
  return ['options', path.slice(0, slash), path.slice(slash + 1)];
}
