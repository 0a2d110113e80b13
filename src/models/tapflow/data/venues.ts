/** Trades of accounts, in the order of the scenario's weights. */
export const INDUSTRIES = [
  "bar",
  "restaurant",
  "brewery",
  "hotel",
  "stadium",
  "casino",
  "coffee_shop",
  "cinema",
] as const;
export type Industry = (typeof INDUSTRIES)[number];

/** What a company of each trade calls itself after its name. */
export const COMPANY_SUFFIXES: Readonly<Record<Industry, readonly string[]>> = {
  bar: ["Tavern Group", "Public House", "Taproom", "Bars", "Saloon Co.", "Pubs"],
  restaurant: ["Kitchen", "Grill", "Restaurant Group", "Eatery", "Hospitality", "Bistros"],
  brewery: ["Brewing Co.", "Brewery", "Beer Works", "Ales", "Craft Brewers"],
  hotel: ["Hotels", "Inns & Suites", "Resorts", "Lodging"],
  stadium: ["Arenas", "Stadium Concessions", "Field Concessions"],
  casino: ["Casino & Resort", "Gaming Halls", "Casinos"],
  coffee_shop: ["Coffee Roasters", "Cafés", "Coffee Bar", "Espresso Co."],
  cinema: ["Cinemas", "Draft House Theaters", "Picture Houses"],
};

/** First and second words of company names; any two go together. */
export const BRAND_FIRST = list(`
  Copper; Iron; Golden; Amber; Silver; Blue; Red; Black; White; Green; Wild; Old; Lucky; Twin; Broken; Hidden; Rusty; Noble;
  Brave; Quiet; Salty; Stone; Oak; Cedar; Maple; Harbor; River; Canyon; Prairie; Mountain; Summit; Valley; Lake; Coastal;
  Northern; Southern; Eastern; Western; Union; Liberty; Station; Foundry; Lantern; Velvet; Crooked; Thirsty; Happy; Kindred;
  Midnight; Sunday; Barrel; Bishop's; Miller's; Cooper's; Shepherd's; O'Malley; Juniper; Hawthorn; Bramble; Ember`);
export const BRAND_SECOND = list(`
  Anchor; Barrel; Hop; Keg; Tap; Pint; Crown; Stag; Fox; Bear; Wolf; Heron; Owl; Otter; Hound; Bull; Lion; Falcon; Raven;
  Rooster; Trout; Oyster; Anvil; Hammer; Wheel; Bell; Arrow; Compass; Lighthouse; Bridge; Mill; Forge; Cellar; Kettle; Ladle;
  Table; Hearth; Porch; Garden; Orchard; Vine; Thistle; Clover; Acorn; Pine; Spruce; Willow; Moon; Star; Sun; Cloud; Storm;
  Tide; Creek; Ridge; Hollow; Field; Corner; Junction; Parlor`);

/** What a venue is told from its sisters by. */
export const DISTRICTS = list(`
  Downtown; Midtown; Uptown; Old Town; Riverside; Waterfront; Arts District; Market Square; Union Station; University;
  Stadium District; Airport; Northside; Southside; East End; West End; Warehouse District; Theater District; Harbor; Lakeside;
  Main Street; City Center; Mall; Heights; Park; Village; Crossing; Gateway; Depot; Convention Center`);

/** Rights of users; the first of an account's users owns it. */
export const USER_ROLES = { owner: 0, admin: 8, manager: 34, analyst: 14, bartender: 34, technician: 10 } as const;

/** Titles that go with each role. */
export const JOB_TITLES: Readonly<Record<keyof typeof USER_ROLES, readonly string[]>> = {
  owner: ["Owner", "Managing Partner", "Chief Operating Officer", "President"],
  admin: ["Operations Director", "IT Manager", "Systems Administrator"],
  manager: ["General Manager", "Bar Manager", "Beverage Manager", "Assistant Manager", "Shift Supervisor"],
  analyst: ["Beverage Analyst", "Controller", "Inventory Analyst", "Revenue Manager"],
  bartender: ["Bartender", "Lead Bartender", "Server", "Barista"],
  technician: ["Draft Technician", "Facilities Technician", "Cellar Manager"],
};

function list(text: string): readonly string[] {
  return text.split(";").map((item) => item.trim());
}
