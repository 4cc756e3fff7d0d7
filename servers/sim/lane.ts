/** A first-in-first-out channel in virtual time: a connection or a store that may be slow but never reorders. */
import type { Handler, Kernel } from './kernel.ts';

/**
 * Deliveries keep the order in which they were sent, as TCP keeps it: one that would overtake its predecessor arrives at the same
 * microsecond, right after it. Costs one event of the kernel for each delivery and nothing else, so a lane may be made for every link.
 */
export class Lane {
  private readonly kernel: Kernel;
  private lastUs = 0;

  constructor(kernel: Kernel) {
    this.kernel = kernel;
  }

  /** Delivers at `atUs` (integer, not below the kernel's now) or as soon after as the order allows; gives the time of delivery, us. */
  send<S>(atUs: number, handler: Handler<S>, subject: S, detail: number): number {
    const deliveryUs = atUs > this.lastUs ? atUs : this.lastUs;
    this.kernel.schedule(deliveryUs, handler, subject, detail);
    this.lastUs = deliveryUs;
    return deliveryUs;
  }
}
