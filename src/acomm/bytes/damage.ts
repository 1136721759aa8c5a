// How the parts of the codec say that a file is not what it claims to be. It never leaves the
// codec: the reader turns it into a refused document.

export class Damage extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "Damage";
  }
}
