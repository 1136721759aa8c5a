// The words we like best as agent names: short, easy to say, easy to tell apart. Every one is made
// of consonant-vowel-consonant-vowel over the alphabet of `name.ts`, which also does the scoring.

const words = `
  bali balu baro bela beno biko bima biru bona
  dali daru deko demi deno deri dido dina dino diva doga dora dula dune duru
  fado fala faro fava fena fero fila fina fola fora fumi
  gala garo gemi gena gila gina giro goma gora guma guru
  hali hana haru hela hera hero hiro hoku hula
  kali kano karo kavi kelu kero kiki kimo kira kiri kito kivi kobi koda kola koru kumo kuro
  lana lara lava lena leno leto lido lila lilu lima lina liro lisa lola lori lumi luna
  mara mako mavi melo mika miko mila milo mimi mira miro miso mona mora muna
  nala nami naru nela nemo neri nika niko nilo nima nina nino noma nomi nora nori nova numa
  pali paro pavo pela pena pero piko pilo pina pira polo pomi poro puma puru
  rani ravi remi remo rena reno rika riko rima rina rita riva robi roma romi rosa rumi runa
  sabi sago sami sara saru savi sela sero sila siro soba sofi sola sora sumi suri
  tala tamu tara taro tavi teru tiko tila timo tina tira tofu tomo tori toru tula
  vala vani vara vega vela vera vero vida vina viva vola
  zaha zara zeno ziko zima zola zora zumi zuri
`;

// Without a pattern: every hook call evaluates this, and compiling one costs 0.1 ms.
export const curatedNames: readonly string[] = words
  .replaceAll("\n", " ")
  .split(" ")
  .filter((word) => word !== "");
