/* Why something was refused; the codes of credentials are the server's own. */

export class Refused extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}
