// Whose certificates we believe: the well-known roots, those of the system, and the owner's own.
import { getCACertificates, rootCertificates } from "node:tls";
import { Refusal } from "../core/refusal.ts";
import { readText } from "../sys/files.ts";

/** `own`: path of a PEM file. */
export function trusted(own: string | undefined): string[] {
  const extra = own === undefined ? [] : [ownCertificates(own)];
  return [...rootCertificates, ...getCACertificates("system"), ...extra];
}

function ownCertificates(path: string): string {
  const text = readText(path);
  if (text?.includes("-----BEGIN CERTIFICATE-----") === true) return text;
  throw new Refusal({
    code: "bad_ca",
    message: `${path} ${text === undefined ? "is not there" : "holds no certificate in PEM form"}`,
    hint: "name the file of your certificate authority: hcom relay connect TOKEN --ca FILE",
  });
}
