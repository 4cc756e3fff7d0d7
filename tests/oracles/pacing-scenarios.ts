/** The visitors of docs/pacing.md: M (Markov, for which optima are known), W (the web), and those of scenarios/guide-example. */
import type { Visitor } from '#tests/oracles/pacing-simulator.ts';
import type { SmallRandom } from '#tests/oracles/small-random.ts';

export interface MarkovVisitors {
  readonly handleMeanSeconds: number;
  readonly patienceMeanSeconds: number;
  readonly responseMeanSeconds: number;
  readonly acceptShare: number;
}

/** Every invite ends after an exponential time, whatever its outcome. */
export function markovVisitor(given: MarkovVisitors): (random: SmallRandom) => Visitor {
  return (random) => ({
    endsAfter: random.exponential(given.responseMeanSeconds),
    accepts: random.next() < given.acceptShare,
    service: random.exponential(given.handleMeanSeconds),
    patience: random.exponential(given.patienceMeanSeconds),
  });
}

/** M: AHT 240 s, patience 60 s, all ends after Exp(10 s), accepted 0.2. */
export const drawMarkovVisitor = markovVisitor({
  handleMeanSeconds: 240,
  patienceMeanSeconds: 60,
  responseMeanSeconds: 10,
  acceptShare: 0.2,
});

/** W: accepted with `acceptShare` after Gamma(2) of mean 8 s, rejected with 0.3 after Exp(6 s), else timed out after 30 s. */
export function webVisitor(acceptShare: number): (random: SmallRandom) => Visitor {
  return (random) => {
    const outcome = random.next();
    const accepting = random.gamma(2, 8);
    const rejecting = random.exponential(6);
    const service = random.exponential(240);
    const patience = random.exponential(60);
    const accepts = outcome < acceptShare;
    const answer = accepts ? accepting : outcome < acceptShare + 0.3 ? rejecting : Infinity;
    return answer < 30
      ? { endsAfter: answer, accepts, service, patience }
      : { endsAfter: 30, accepts: false, service, patience };
  };
}

export const drawWebVisitor = webVisitor(0.2);

/** The guide example's: lognormal answers (mean 8 s, cv 1) and chats (mean 6 min, cv 0.8, after-work 30 s), 0.3 accept, 0.3 reject. */
export function drawGuideVisitor(random: SmallRandom): Visitor {
  const outcome = random.next();
  const answer = random.lognormal(8, 1);
  const service = random.lognormal(360, 0.8) + 30;
  const patience = random.exponential(90);
  return outcome < 0.6 && answer < 30
    ? { endsAfter: answer, accepts: outcome < 0.3, service, patience }
    : { endsAfter: 30, accepts: false, service, patience };
}
