/**
 * Erlang A (M/M/n+M) in Palm's form, written apart from the product's own: the gate that the test simulators must pass before
 * anything they say about pacing is believed. Source: Palm; Mandelbaum and Zeltyn, "The Palm/Erlang-A queue".
 */
export interface ErlangA {
  readonly probabilityOfWaiting: number;
  readonly abandonmentShare: number;
  readonly waitMeanSeconds: number;
  readonly queueMean: number;
  readonly busyShare: number;
}

/** Rates per second: arrivals, services of one server, and at which one who waits gives up. */
export function erlangA(servers: number, arrivals: number, service: number, patience: number): ErlangA {
  const load = arrivals / service;
  let blocking = 1;
  for (let n = 1; n <= servers; n += 1) blocking = (load * blocking) / (n + load * blocking);
  const x = (servers * service) / patience;
  const y = arrivals / patience;
  // Palm's A(x, y) = 1 + sum of y^j / ((x + 1) ... (x + j)).
  let palm = 1;
  for (let j = 1, term = 1; j < 10_000 && (term > 1e-18 * palm || j < y - x); j += 1) {
    term *= y / (x + j);
    palm += term;
  }
  const waiting = (palm * blocking) / (1 + (palm - 1) * blocking);
  const traffic = arrivals / (servers * service);
  const abandonmentShare = waiting * (1 / (traffic * palm) + 1 - 1 / traffic);
  // Everyone who gives up does so at rate `patience` while waiting: P(abandon) = patience x E[wait].
  const waitMeanSeconds = abandonmentShare / patience;
  return {
    probabilityOfWaiting: waiting,
    abandonmentShare,
    waitMeanSeconds,
    queueMean: arrivals * waitMeanSeconds,
    busyShare: (arrivals * (1 - abandonmentShare)) / (servers * service),
  };
}
