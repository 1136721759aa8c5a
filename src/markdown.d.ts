// Texts that people and agents read live in .md files and are imported as strings.
declare module "*.md" {
  const text: string;
  export default text;
}
