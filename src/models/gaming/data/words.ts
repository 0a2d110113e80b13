/** Words that players put their names together from. */
export const HANDLE_FIRST: readonly string[] = list(`
  Shadow Iron Silent Crimson Frost Storm Night Ember Lunar Solar Rogue Mystic Savage Swift Hollow Grim Golden Wild
  Arcane Cosmic Feral Velvet Rusty Turbo Pixel Toxic Lucky Sleepy Salty Cursed Frozen Burning Hidden Lost Ancient
  Royal Electric Obsidian Azure Scarlet Ivory Emerald Phantom Blazing Thunder Dusky Brave Clever Restless Lonely
  Wandering Mighty Tiny Giant Quiet Loud Neon Midnight Winter Summer`);

export const HANDLE_LAST: readonly string[] = list(`
  Wolf Raven Blade Hunter Mage Knight Fox Dragon Ghost Reaper Paladin Archer Falcon Viper Bear Tiger Panther Lynx
  Badger Otter Hawk Owl Crow Phoenix Wyrm Golem Titan Giant Slayer Walker Runner Rider Caster Weaver Smith Ranger
  Scout Nomad Pirate Samurai Ninja Monk Druid Shaman Warlock Bard Jester King Queen Prince Baron Duke Sage Oracle
  Seeker Keeper Warden Drifter Potato Pancake Noodle Waffle`);

/** Given and family names of characters. */
export const CHARACTER_FIRST: readonly string[] = list(`
  Aelar Thandril Brynn Kaelis Mira Dorn Ysolde Faelan Rhogar Seraphine Torvald Lyra Galdor Nyssa Orin Vex Isolde
  Bran Corwin Elowen Garrick Hilda Ivar Jorah Keth Leona Magnar Nerys Odric Petra Quill Roderic Sigrid Talia Ulric
  Vanya Wulfric Xanthe Yorick Zephyra Alaric Beren Cassia Darius Eira Fenris Gwyn Halric Inara Jareth Kira Lothar`);

export const CHARACTER_LAST: readonly string[] = list(`
  Ashborne Blackwood Stormcrow Ironfist Moonshade Dawnbringer Frostmane Grimward Hawkwind Oakenshield Ravenholm
  Silverleaf Thornfield Windrider Brightblade Duskwalker Emberheart Fairwind Greymantle Hollowell Kingsley Longstride
  Mistvale Nightbloom Redmayne Shadowmere Starfall Underhill Valebrook Wintermoor Wyrmsbane Briarwick Coldwater
  Deepforge Evenwood Flintlock Goldthorn Highmoor Icevein Stonebridge`);

export const ITEM_KINDS = {
  weapon: list("Sword Axe Dagger Longbow Crossbow Staff Wand Mace Spear Halberd Rapier Warhammer"),
  armor: list("Helm Cuirass Gauntlets Greaves Boots Shield Cloak Robe Pauldrons Bracers"),
  potion: list("Elixir Draught Philtre Tonic Brew Vial"),
  trinket: list("Ring Amulet Talisman Brooch Circlet Charm"),
  material: list("Ingot Hide Gem Crystal Herb Rune Feather Scale"),
  mount: list("Saddle Bridle Horseshoe Banner"),
} as const satisfies Readonly<Record<string, readonly string[]>>;

export const ITEM_QUALITIES: readonly string[] = list(`
  Worn Plain Sturdy Polished Oaken Iron Steel Silver Bronze Leather Woven Hunter's Soldier's Traveller's Apprentice's
  Guardian's Stormforged Moonlit Sunlit Frostbound Emberforged Shadowwoven Runic Gilded Enchanted Blessed Cursed Dwarven
  Elven Orcish Draconic Spectral Ancient Obsidian Crystal Astral Titan's Warden's Queen's Phoenix`);

export const ITEM_ORIGINS: readonly string[] = [
  "",
  ...list(`Valor Dawn Dusk Embers Frost Storms Shadows Wisdom Fury Swiftness Vigor Wrath Mercy Silence Ruin Kings Giants
    Wolves Ravens Serpents Stars Tides Thorns Ages`).map((word) => ` of ${word}`),
];

export const GUILD_FIRST: readonly string[] = list(`
  Iron Silver Crimson Azure Shadow Golden Broken Silent Burning Frozen Wandering Eternal Hidden Savage Noble Ashen
  Twilight Radiant Fallen Sworn`);

export const GUILD_LAST: readonly string[] = list(`
  Legion Vanguard Order Covenant Brotherhood Company Circle Syndicate Wolves Ravens Sentinels Wardens Nomads Crusaders
  Outlaws Lanterns Keepers Reavers Pact Alliance`);

/** Where a character can be, from the first village to the last dungeon. */
export const LOCATIONS: readonly string[] = [
  "Emberfall Village",
  "Whispering Woods",
  "Old Mill",
  "Harbor Market",
  "Silverbrook",
  "Goblin Warrens",
  "Sunken Chapel",
  "Ironridge Mines",
  "Frostmere Pass",
  "Duskfen Marsh",
  "Arena of Trials",
  "Scholars' Tower",
  "Ashen Wastes",
  "Crystal Caverns",
  "Stormwatch Keep",
  "Temple of Tides",
  "Shattered Isles",
  "Wyrm's Hollow",
  "Obsidian Citadel",
  "Throne of Cinders",
];

export const EMAIL_DOMAINS: Readonly<Record<string, number>> = {
  "example.com": 45,
  "mail.example.com": 20,
  "example.net": 15,
  "example.org": 10,
  "inbox.example.net": 10,
};

export const CHANNELS: readonly (readonly [name: string, description: string])[] = [
  ["Global", "Everybody who is online"],
  ["Trade", "Offers and requests for items"],
  ["Guild", "Members of one's own guild"],
];

/** How much is said in each channel. */
export const CHANNEL_WEIGHTS = { Global: 45, Trade: 30, Guild: 25 } as const;

/** What is said in each channel. */
export const MESSAGES: Readonly<Record<keyof typeof CHANNEL_WEIGHTS, readonly string[]>> = {
  Global: sentences(`
    anyone up for the Sunken Chapel?; LFG Goblin Warrens, need a healer; how do I get to Frostmere Pass; gg everyone;
    server feels slow tonight; first time here, where do I train?; just hit level 20!; that boss is impossible solo;
    Ironridge Mines run in 10, two spots left; who is camping the Old Mill again; thanks for the help earlier;
    is the event still on?; what class should I play next; Duskfen Marsh drops are so good right now; lol;
    anybody seen the wandering merchant?; good night all; back in 5; can a Cleric even solo this;
    Arena of Trials in half an hour, come watch; my bow broke again; Storm is coming at Stormwatch Keep;
    need 2 more for Wyrm's Hollow; where is Silverbrook on the map; patch notes are out; this weekend double drops?;
    congrats!; how much experience for level 30; lag?; Temple of Tides puzzle, which lever first`),
  Trade: [...ITEM_QUALITIES].flatMap((quality, at) => {
    const kinds = Object.values(ITEM_KINDS).flat();
    const [first, second] = [kinds[(7 * at) % kinds.length], kinds[(11 * at + 5) % kinds.length]];
    return [
      `WTS ${quality} ${first}, make me an offer`,
      `WTB ${quality} ${second}`,
      `selling ${quality} ${second} at the Harbor Market`,
      `price check on ${quality} ${first}?`,
    ];
  }),
  Guild: sentences(`
    raid at eight, be on time; welcome to the guild!; who has spare potions; donate to the bank please;
    great run tonight; officers, check the board; anybody for a quick dungeon?; repairs are on me;
    we are recruiting healers; guild hall at nine; sorry, late today; need help with my class quest;
    gz on the new level; put extra herbs in the vault; same time tomorrow?; who took the rune stack;
    voice chat is up; I can tank; off for the week, exams; last boss down!!; remember the tournament on Saturday;
    could somebody craft boots for me; brb; thank you all`),
};

function sentences(text: string): readonly string[] {
  return text.split(";").map((sentence) => sentence.trim().replace(/\s+/g, " "));
}

function list(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
