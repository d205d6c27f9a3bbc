import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import published from './openapi.json' with { type: 'json' };

export type Operation = 'send' | 'batch' | 'list' | 'get' | 'reschedule' | 'cancel';
type Side = 'request' | 'answer';

interface ObjectSchema {
  properties: Record<string, AnySchema>;
  required?: string[];
  [keyword: string]: unknown;
}

const { paths } = published;
const schemas: Record<string, unknown> = published.components.schemas;
const requestOf = (operation: { requestBody: { content: { 'application/json': { schema: AnySchema } } } }) =>
  operation.requestBody.content['application/json'].schema;
const answerOf = (operation: {
  responses: { 200: { content: { 'application/json': { schema: AnySchema } } } };
}) => operation.responses['200'].content['application/json'].schema;

const nullableString = { type: ['string', 'null'] };

/**
 * Where the description and Resend's own client disagree, the client's types are right: it lives from the answers.
 * They know more properties and that a mail may lack one of its bodies; the description also puts the request of
 * PATCH in the place of its answer, and gives cancel a whole mail.
 */
const email = schemas['Email'] as ObjectSchema;
const clientsEmail: ObjectSchema = {
  ...email,
  properties: {
    ...email.properties,
    html: nullableString,
    text: nullableString,
    message_id: { type: 'string' },
    scheduled_at: nullableString,
    tags: { type: 'array', items: { $ref: '#/components/schemas/Tag' } },
  },
};
const change: ObjectSchema = {
  type: 'object',
  properties: { object: { const: 'email' }, id: { type: 'string', format: 'uuid' } },
};

/** The client's `ListEmail` is a mail without these. */
const notListed = new Set(['object', 'html', 'text', 'tags']);
const listedEmail: ObjectSchema = {
  ...clientsEmail,
  properties: Object.fromEntries(
    Object.entries(clientsEmail.properties).filter(([name]) => !notListed.has(name)),
  ),
};
const list = schemas['ListEmailsResponse'] as ObjectSchema;
const listOfEmails: ObjectSchema = {
  ...list,
  properties: { ...list.properties, data: { type: 'array', items: listedEmail } },
};

const contract: Record<Operation, Partial<Record<Side, AnySchema>>> = {
  send: { request: requestOf(paths['/emails'].post), answer: answerOf(paths['/emails'].post) },
  batch: { request: requestOf(paths['/emails/batch'].post), answer: answerOf(paths['/emails/batch'].post) },
  list: { answer: listOfEmails },
  get: { answer: clientsEmail },
  reschedule: { request: answerOf(paths['/emails/{email_id}'].patch), answer: change },
  cancel: { answer: change },
};

const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
ajv.addFormat('binary', true);

const validators = new Map<string, ValidateFunction>();

/**
 * What is wrong with a request or an answer by Resend's published description, read strictly: no property that is
 * not described and, in an answer, none missing that is. Empty when all is well.
 */
export function contractFaults(operation: Operation, side: Side, value: unknown): string[] {
  const schema = contract[operation][side];
  if (schema === undefined) return value === undefined ? [] : ['no body is described'];
  const name = `${operation} ${side}`;
  const validate = validators.get(name) ?? ajv.compile(strictly(schema, side) as AnySchema);
  validators.set(name, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
}

/** The names of the properties that a mail to send may have. */
export const sendRequestProperties = Object.keys((schemas['SendEmailRequest'] as ObjectSchema).properties);

function strictly(schema: unknown, side: Side): unknown {
  if (Array.isArray(schema)) return schema.map((part) => strictly(part, side));
  if (typeof schema !== 'object' || schema === null) return schema;
  const keywords = schema as Record<string, unknown>;
  if (typeof keywords['$ref'] === 'string') {
    return strictly(schemas[keywords['$ref'].replace('#/components/schemas/', '')], side);
  }
  const properties = keywords['properties'] as Record<string, unknown> | undefined;
  return {
    ...Object.fromEntries(Object.entries(keywords).map(([keyword, part]) => [keyword, strictly(part, side)])),
    ...(properties && { additionalProperties: false }),
    ...(properties && side === 'answer' && { required: Object.keys(properties) }),
  };
}
