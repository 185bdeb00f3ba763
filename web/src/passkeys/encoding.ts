/**
 * Between the JSON forms of WebAuthn Level 3 (§5.1.8 to §5.1.10) and what `navigator.credentials` takes and gives. Browsers can do it themselves by now, but
 * not all that people have, and extensions that stand in for authenticators often give objects without `toJSON`.
 */

export function toBase64Url(bytes: ArrayBuffer): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function fromBase64Url(text: string): ArrayBuffer {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0)).buffer;
}

export function creationOptionsOf(json: string): PublicKeyCredentialCreationOptions {
  const options = JSON.parse(json) as PublicKeyCredentialCreationOptionsJSON;
  return {
    ...options,
    challenge: fromBase64Url(options.challenge),
    user: { ...options.user, id: fromBase64Url(options.user.id) },
    excludeCredentials: options.excludeCredentials?.map(descriptorOf),
    // The forms of these differ in nothing but their types.
    attestation: options.attestation as AttestationConveyancePreference | undefined,
    extensions: undefined,
  };
}

export function requestOptionsOf(json: string): PublicKeyCredentialRequestOptions {
  const options = JSON.parse(json) as PublicKeyCredentialRequestOptionsJSON;
  return {
    ...options,
    challenge: fromBase64Url(options.challenge),
    allowCredentials: options.allowCredentials?.map(descriptorOf),
    userVerification: options.userVerification as UserVerificationRequirement | undefined,
    extensions: undefined,
  };
}

/** RegistrationResponseJSON. */
export function registrationJson(credential: PublicKeyCredential): string {
  const response = credential.response as AuthenticatorAttestationResponse;
  return credentialJson(credential, {
    clientDataJSON: toBase64Url(response.clientDataJSON),
    attestationObject: toBase64Url(response.attestationObject),
    transports: typeof response.getTransports === 'function' ? response.getTransports() : [],
  });
}

/** AuthenticationResponseJSON. */
export function authenticationJson(credential: PublicKeyCredential): string {
  const response = credential.response as AuthenticatorAssertionResponse;
  return credentialJson(credential, {
    clientDataJSON: toBase64Url(response.clientDataJSON),
    authenticatorData: toBase64Url(response.authenticatorData),
    signature: toBase64Url(response.signature),
    ...(response.userHandle === null ? {} : { userHandle: toBase64Url(response.userHandle) }),
  });
}

function credentialJson(credential: PublicKeyCredential, response: object): string {
  const id = toBase64Url(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, clientExtensionResults: {}, response });
}

function descriptorOf(descriptor: PublicKeyCredentialDescriptorJSON): PublicKeyCredentialDescriptor {
  return { type: 'public-key', id: fromBase64Url(descriptor.id), transports: descriptor.transports as AuthenticatorTransport[] | undefined };
}
