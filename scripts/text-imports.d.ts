// Files that the program carries as text: prose that agents read, and plugins that we install into
// other programs. They come in through `with { type: "text" }`.

declare module "*.md" {
  const text: string;
  export default text;
}

declare module "*.plugin.js" {
  const text: string;
  export default text;
}

declare module "*.bash" {
  const text: string;
  export default text;
}

declare module "*.zsh" {
  const text: string;
  export default text;
}

declare module "*.fish" {
  const text: string;
  export default text;
}

declare module "*.ps1" {
  const text: string;
  export default text;
}
