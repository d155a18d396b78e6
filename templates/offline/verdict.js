/* From what was read to a verdict: the server's table (issuer.domain.verdict) and the
   states that only a device without network has. */

import { DAY, LIFETIME, statusAt } from './statuslist.js';

export const CLOCK_SKEW = 300;

const BY_STATUS = {
  in_force: 'VALID',
  expired: 'EXPIRED',
  revoked: 'REVOKED',
  superseded: 'SUPERSEDED',
  not_yet_issued: 'NOT_YET_ISSUED',
  not_registered: 'UNKNOWN',
  not_known: 'INDETERMINATE',
};

/* A text that is not a letter's, or not of this office, says nothing of an alteration. */
const UNTRUSTED = new Set([
  'credential_malformed', 'credential_foreign_host', 'credential_unknown_key', 'issuer_not_trusted',
]);

/** The one verdict that follows from the three checks. */
export function decide(integrity, issuer, status) {
  if (integrity === 'failed') return 'ALTERED';
  if (issuer === 'failed') return 'UNKNOWN';
  const verdict = BY_STATUS[status];
  const unchecked = integrity === 'not_checked' || issuer === 'not_checked';
  return unchecked && (verdict === 'VALID' || verdict === 'EXPIRED') ? 'INDETERMINATE' : verdict;
}

const CANNOT_SAY = new Set(['qr_not_found', 'file_unreadable', 'file_too_large']);

/** The answer to what was refused for that reason. */
export function refused(reason) {
  const checks = { integrity: 'not_checked', status: 'not_checked', issuer: 'not_checked' };
  if (CANNOT_SAY.has(reason)) return answer('INDETERMINATE', checks, [reason]);
  if (UNTRUSTED.has(reason)) return answer('UNKNOWN', { ...checks, issuer: 'failed' }, [reason]);
  return answer('ALTERED', { ...checks, integrity: 'failed' }, [reason]);
}

/**
 * The answer about a letter whose signature holds.
 *
 * `list` is the status list of its year or null; `now` is what the device believes, in
 * seconds, and `known` a moment that has surely passed. What has ended stays ended, so an
 * old list that says so is believed; that a letter is in force, only a fresh one can say.
 */
export function judge(claims, list, now, known) {
  const listed = list === null ? 'not_known' : statusAt(list, claims.statusIndex);
  const clockWrong = now + CLOCK_SKEW < Math.max(known, claims.issuedAt, list?.issuedAt ?? 0);
  const age = list === null ? null : Math.max(0, now - list.issuedAt);
  const fresh = list !== null && !clockWrong && age <= LIFETIME && now < list.expiresAt;
  const notes = [];
  if (clockWrong) notes.push('clock_wrong');
  if (list === null) notes.push('list_missing');
  else if (age > LIFETIME || now >= list.expiresAt) notes.push('list_stale');
  else if (age > DAY) notes.push('list_old');
  if (list !== null && list.issuedAt < claims.issuedAt) notes.push('list_before_letter');

  let status = listed;
  const reasons = ['signature_holds', 'issuer_trusted'];
  if (listed === 'in_force' || listed === 'not_known') {
    const expired = claims.expiresAt !== null && now > claims.expiresAt;
    status = expired ? 'expired' : fresh ? listed : 'not_known';
  }
  if (status !== 'not_known') reasons.push(status);
  else reasons.push(list === null || fresh ? 'register_unavailable' : 'revocation_list_stale');
  const checked = { in_force: 'passed', not_known: 'not_checked' }[status] ?? 'failed';
  const checks = { integrity: 'passed', status: checked, issuer: 'passed' };
  return { ...answer(decide('passed', 'passed', status), checks, reasons), notes, claims, age };
}

const answer = (verdict, checks, reasons) => ({ verdict, checks, reasons, notes: [] });
