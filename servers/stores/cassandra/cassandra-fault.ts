/** What the driver throws, as the fault that the store ports speak of: above all whether a write may have happened. */
import { errors, types } from 'cassandra-driver';
import type { StoreFault, StoreFaultCode } from '#ports/stores.ts';

const { responseErrorCodes } = types;

/** Of what a node answers; what is not listed is `unknown`, a mistake of ours. */
const FAULTS: ReadonlyMap<number, StoreFaultCode> = new Map<number, StoreFaultCode>([
  [responseErrorCodes.unavailableException, 'unavailable'],
  [responseErrorCodes.overloaded, 'unavailable'],
  [responseErrorCodes.isBootstrapping, 'unavailable'],
  [responseErrorCodes.badCredentials, 'unavailable'],
  // Nothing is written by a read.
  [responseErrorCodes.readTimeout, 'unavailable'],
  [responseErrorCodes.readFailure, 'unavailable'],
  [responseErrorCodes.writeTimeout, 'outcomeUnknown'],
  [responseErrorCodes.writeFailure, 'outcomeUnknown'],
  // Of the driver itself: the request could not be written to the socket.
  [responseErrorCodes.clientWriteFailure, 'unavailable'],
  [responseErrorCodes.serverError, 'outcomeUnknown'],
]);

export class CassandraFault extends Error implements StoreFault {
  readonly fault: StoreFaultCode;

  constructor(fault: StoreFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CassandraFault';
    this.fault = fault;
  }
}

/** Anything thrown while `keyspace` was used, as a fault that names it; a fault stays what it is. `writes`: it was no read. */
export function describeFault(thrown: unknown, keyspace: string, writes: boolean): CassandraFault {
  if (thrown instanceof CassandraFault) return thrown;
  const code = codeOf(thrown);
  const fault = code === 'outcomeUnknown' && !writes ? 'unavailable' : code;
  return new CassandraFault(fault, `Cassandra, keyspace ${keyspace}: ${describe(thrown)}`, thrown);
}

function codeOf(thrown: unknown): StoreFaultCode {
  if (thrown instanceof errors.ResponseError) return FAULTS.get(thrown.code) ?? 'unknown';
  if (thrown instanceof errors.NoHostAvailableError) {
    const inner = innerErrors(thrown).map(([, error]) => codeOf(error));
    return inner.includes('outcomeUnknown') ? 'outcomeUnknown' : 'unavailable';
  }
  if (thrown instanceof errors.OperationTimedOutError) return 'outcomeUnknown';
  if (thrown instanceof errors.BusyConnectionError) return 'busy';
  if (thrown instanceof errors.AuthenticationError) return 'unavailable';
  return isOfSocket(thrown) ? socketOutcome(thrown) : 'unknown';
}

/** A connection that was never made took nothing; one that broke may have. */
function socketOutcome(thrown: NodeJS.ErrnoException): StoreFaultCode {
  return thrown.syscall === 'connect' || thrown.code === 'ENOTFOUND' ? 'unavailable' : 'outcomeUnknown';
}

function isOfSocket(thrown: unknown): thrown is NodeJS.ErrnoException {
  if (!(thrown instanceof Error)) return false;
  // The driver marks what broke a connection.
  return ('isSocketError' in thrown && thrown.isSocketError === true) || 'syscall' in thrown;
}

function describe(thrown: unknown): string {
  if (thrown instanceof errors.NoHostAvailableError) {
    const inner = innerErrors(thrown).map(([host, error]) => `${host}: ${messageOf(error)}`);
    return inner.length === 0 ? 'no node can be reached' : `no node answers (${inner.join('; ')})`;
  }
  return messageOf(thrown);
}

function innerErrors(thrown: { readonly innerErrors?: unknown }): readonly (readonly [string, unknown])[] {
  const { innerErrors: inner } = thrown;
  return typeof inner === 'object' && inner !== null ? Object.entries(inner) : [];
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
