/** The names Resend gives its errors. */
export const REFUSAL_NAMES = [
  'application_error',
  'concurrent_idempotent_requests',
  'daily_quota_exceeded',
  'internal_server_error',
  'invalid_access',
  'invalid_api_key',
  'invalid_attachment',
  'invalid_from_address',
  'invalid_idempotency_key',
  'invalid_idempotent_request',
  'invalid_parameter',
  'invalid_region',
  'method_not_allowed',
  'missing_api_key',
  'missing_required_field',
  'monthly_quota_exceeded',
  'not_found',
  'rate_limit_exceeded',
  'restricted_api_key',
  'security_error',
  'validation_error',
] as const;
type RefusalName = (typeof REFUSAL_NAMES)[number];

/** An error answer in Resend's words. */
export class Refusal extends Error {
  readonly statusCode: number;
  readonly code: RefusalName | (string & {});

  constructor(statusCode: number, code: RefusalName | (string & {}), message: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }

  get body() {
    return { statusCode: this.statusCode, name: this.code, message: this.message };
  }
}

export const missingApiKey = () =>
  new Refusal(401, 'missing_api_key', 'Missing API key in the authorization header.');
export const invalidApiKey = () => new Refusal(403, 'invalid_api_key', 'API key is invalid.');
export const restrictedApiKey = () =>
  new Refusal(401, 'restricted_api_key', 'This API key is restricted to only send emails.');
export const mailNotFound = () => new Refusal(404, 'not_found', 'Email not found');
export const methodNotAllowed = () =>
  new Refusal(405, 'method_not_allowed', 'Method is not allowed for the requested path.');
export const notUuid = () => new Refusal(422, 'invalid_parameter', 'The parameter must be a valid UUID.');
export const tooManyRequests = () =>
  new Refusal(
    429,
    'rate_limit_exceeded',
    'Too many requests. You can only make a limited number of requests per second.',
  );
export const badRequest = (detail: string) =>
  new Refusal(400, 'validation_error', `We found an error with one or more fields in the request. ${detail}`);
export const invalidField = (message: string) => new Refusal(422, 'validation_error', message);
export const missingField = (field: string) =>
  new Refusal(422, 'missing_required_field', `Missing \`${field}\` field.`);
/** Not an answer Resend gives: the stand-in says that it was never taught this. */
export const untaught = (method: string, path: string) =>
  new Refusal(501, 'not_implemented', `The Resend stand-in was not taught ${method} ${path}.`);

/** What Resend says with a status when nobody gives a name and a message: for faults. */
export function usualRefusal(statusCode: number): Refusal {
  const usual: Record<number, [RefusalName, string]> = {
    400: ['validation_error', 'We found an error with one or more fields in the request.'],
    401: ['missing_api_key', 'Missing API key in the authorization header.'],
    403: ['invalid_api_key', 'API key is invalid.'],
    404: ['not_found', 'The requested endpoint does not exist.'],
    405: ['method_not_allowed', 'Method is not allowed for the requested path.'],
    409: ['invalid_idempotent_request', 'Same idempotency key used with a different request payload.'],
    422: ['validation_error', 'We found an error with one or more fields in the request.'],
    429: ['rate_limit_exceeded', tooManyRequests().message],
    451: ['security_error', 'We may have found a security issue with the request.'],
    500: ['application_error', 'An unexpected error occurred.'],
  };
  const [code, message] = usual[statusCode] ?? ['internal_server_error', 'An unexpected error occurred.'];
  return new Refusal(statusCode, code, message);
}
