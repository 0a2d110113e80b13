/** The industries of clients, in the order of their stored numbers: append, never reorder. */
export const INDUSTRY_NAMES = [
  "healthcare",
  "automotive",
  "retail",
  "real_estate",
  "financial_services",
  "home_services",
  "education",
  "nonprofit",
  "hospitality",
  "insurance",
] as const;

export type IndustryName = (typeof INDUSTRY_NAMES)[number];

export type Season = "winter" | "spring" | "summer" | "fall";

/** What clients of one industry are called, what they send, and how it works for them. */
export interface Industry {
  /** First part of a company's name; any of them goes before any suffix. */
  readonly companyWords: readonly string[];
  /** Last part of a company's name. */
  readonly companySuffixes: readonly string[];
  /** Campaign names that are right in any month. */
  readonly campaignThemes: readonly string[];
  /** Campaign names that are right only when the mail is sent in that season. */
  readonly seasonalThemes: Readonly<Record<Season, readonly string[]>>;
  readonly offers: readonly string[];
  readonly templateNames: readonly string[];
  readonly audienceNames: readonly string[];
  readonly landingHeadlines: readonly string[];
  readonly callReasons: readonly string[];
  /** Typical campaign budget as a multiple of the average over industries. */
  readonly budgetFactor: number;
  /** Typical response as a multiple of the average over industries. */
  readonly responseFactor: number;
}

const healthcare: Industry = {
  companyWords: list(`
    Bright Harbor; Cedar Grove; Willow Creek; Maple Ridge; Northside; Riverbend; Stonebridge; Clearwater; Summit View;
    Lakeshore; Fox Hollow; Silver Birch; Heritage; Parkway; Gentle Touch; Meadowbrook; Old Mill; Eastgate; Crestwood;
    True North; O'Connell; Peña; Whitcomb; Sandoval; Vasquez & Lowe; Harlan; Birchwood; Kindred Oaks`),
  companySuffixes: list(`
    Dental Group; Family Dentistry; Orthodontics; Eye Care; Dermatology; Pediatrics; Chiropractic; Physical Therapy;
    Family Medicine; Hearing Center; Women's Health; Medical Associates; Vision Center`),
  campaignThemes: list(`
    New Patient Welcome; Free Consultation Event; Insurance Benefits Reminder; We Miss You; Same-Day Appointments;
    New Mover Introduction; Refer a Neighbor; Practice Open House; Bring the Family; New Provider Announcement;
    Extended Hours Announcement; Annual Visit Reminder; Online Booking Launch; Patient Appreciation Week; Second Opinion Offer;
    New Office Opening`),
  seasonalThemes: {
    winter: list("Use Your Benefits Before Year End; New Year Wellness Check; Winter Appointment Openings"),
    spring: list("Spring Wellness Event; Spring Checkup Reminder; Spring New Patient Drive"),
    summer: list("Summer Checkups for Kids; Summer Saturday Hours; Midyear Benefits Check"),
    fall: list("Back-to-School Checkups; Fall Checkup Reminder; Benefits Year-End Countdown"),
  },
  offers: list(`
    $50 off your first visit; Free consultation, no obligation; $99 new patient exam; Free screening for new neighbors;
    $100 off any treatment plan; Second family member half price; $25 gift card after your first visit;
    Free second opinion; No-interest payment plans; $29 exam for kids under 12`),
  templateNames: list(`
    Smiling Family Postcard; New Patient Letter; Appointment Reminder Card; Meet the Doctor Trifold; Coupon Postcard 6x9;
    Lapsed Patient Letter; Patient Story Postcard; Neighborhood Welcome Card; Kids' Visit Postcard`),
  audienceNames: list(`
    Lapsed patients 12+ months; New movers within 5 miles; Families with children under 12; Adults 55+ near the practice;
    Patients with unused benefits; Households with PPO coverage; Web inquiries, not booked; Medicare-age households;
    Referred but never visited; Active patients, no recall booked; Open house sign-ups; Parents of school-age children`),
  landingHeadlines: list(`
    Feeling better starts here; Book your first visit in under a minute; Care that runs on time;
    A doctor your kids will ask to see again; Great care, close to home; Accepting new patients this week;
    Relief is closer than you think; Use your benefits before they expire; Meet the doctor down the street`),
  callReasons: list(`
    Book a new patient appointment; Ask whether insurance is accepted; Reschedule an appointment;
    Ask about the mailed offer; Emergency visit today; Question about a bill; Request records;
    Ask about office hours; Ask about payment plans; Confirm an appointment`),
  budgetFactor: 1.0,
  responseFactor: 1.15,
};

const automotive: Industry = {
  companyWords: list(`
    Crossroads; Route 9; Highland; Blue Ridge; Bayview; Capitol; Gateway; Ironwood; Redline; Tri-County; Lone Pine;
    Brannigan; Castellano; McAllister; Delgado; Prescott; Valley; Kingsway; Northbound; Westfield; Big Bend; Harmon;
    Overland; Sunbelt; O'Rourke; Twin Rivers`),
  companySuffixes: list(`
    Auto Mall; Motors; Auto Group; Automotive; Auto Center; Motor Company; Cars & Trucks; Auto Sales & Service;
    Auto Plaza; Motor Group; Motorcars; Auto Outlet`),
  campaignThemes: list(`
    Service Loyalty Reward; Vehicle Buyback Event; Lease Pull-Ahead; Oil Change Reminder; Tire Rotation Special;
    Private Sale Invitation; Trade-In Upgrade; Certified Pre-Owned Event; First Service on Us; Lost Customer Winback;
    Declined Service Follow-Up; Brake Inspection Offer; Warranty Expiration Notice; New Model Arrival;
    Recall and Maintenance Check; Truck Month`),
  seasonalThemes: {
    winter: list("Winter Tire Event; Year-End Clearance; Cold-Weather Battery Check"),
    spring: list("Spring Service Special; Tax Refund Event; Pothole Alignment Check"),
    summer: list("Summer Road Trip Check; A/C Recharge Special; Summer Sell-Down"),
    fall: list("Fall Maintenance Package; Model Year Closeout; Headlight and Wiper Check"),
  },
  offers: list(`
    $29.95 oil change with tire rotation; Buy three tires, get the fourth for $1; $1,000 over book value for your trade;
    Free multi-point inspection; $100 off brakes, both axles; Zero down lease for qualified buyers;
    $75 prepaid card with a test drive; Free alignment check; 15% off any service over $200; Free battery test`),
  templateNames: list(`
    Key Tag Mailer; Buyback Letter; Service Coupon Sheet; Lease-End Letter; Event Invitation 6x11; Oil Change Postcard;
    Trade Value Certificate; Snap-Pack Notice; Thank You from Service`),
  audienceNames: list(`
    Owners with positive equity; Leases ending in 6 months; No service in 9+ months; Vehicles 5 to 8 years old;
    Purchased here, serviced elsewhere; Declined brake service; Trucks and SUVs within 25 miles;
    Credit-ready households; Warranty expiring in 90 days; First service due; Recall outstanding; Multi-car households`),
  landingHeadlines: list(`
    See what your vehicle is worth today; Your next service, for less; Drive more, pay the same; Claim your trade-in bonus;
    Skip the waiting room; You are invited to our private sale; Four tires, one easy price; Upgrade before your lease ends`),
  callReasons: list(`
    Schedule service; Ask for a trade-in value; Check whether a vehicle is in stock; Ask about the mailed offer;
    Ask about financing; Ask for parts availability; Status of a repair; Lease-end questions; Book a test drive;
    Towing request`),
  budgetFactor: 1.45,
  responseFactor: 0.9,
};

const retail: Industry = {
  companyWords: list(`
    Juniper & Pine; Copper Lantern; Marigold; Blue Door; Thistle & Thread; Hollis; Golden Hour; Larkspur; Paper Crane;
    The Gilded Fern; Tannery Row; Wren & Willow; Harvest Lane; Rosemont; Foxglove; Saltbox; Main Street; Bellamy;
    Amélie's; Fable; Cobblestone; Bramble; Ever After; Second Chapter; Pemberton; Three Sisters`),
  companySuffixes: list(`
    Boutique; Furniture; Home & Gift; Jewelers; Outfitters; Mattress Gallery; Garden Center; Flooring; Shoes; Books;
    Pet Supply; Market; Kitchens`),
  campaignThemes: list(`
    VIP Preview Night; Grand Opening; Loyalty Points Reminder; We Miss You; Birthday Reward; Clearance Weekend;
    New Arrivals; Bring a Friend; Members-Only Event; Store Anniversary Sale; Moving Sale; New Neighbor Welcome;
    Warehouse Sale; Gift Card Bonus; Customer Appreciation Week; Thank You Shoppers`),
  seasonalThemes: {
    winter: list("Holiday Gift Guide; After-Holiday Clearance; Valentine's Preview"),
    spring: list("Spring Refresh Sale; Mother's Day Gifts; Spring Collection Launch"),
    summer: list("Summer Sidewalk Sale; Father's Day Picks; Summer Kickoff Sale"),
    fall: list("Back-to-School Savings; Fall Lookbook; Early Holiday Preview"),
  },
  offers: list(`
    20% off your entire purchase; $25 off $100 or more; Buy one, get one half price; Free gift with any purchase over $50;
    Double loyalty points this week; Free local delivery; $10 birthday reward; Extra 30% off clearance;
    No sales tax weekend; Free gift wrapping all month`),
  templateNames: list(`
    Oversize Sale Postcard; VIP Invitation; Birthday Card; Catalog Wrap; Loyalty Statement; Grand Opening Postcard;
    Scratch-Off Mailer; Gift Guide Foldout; New Arrivals Lookbook`),
  audienceNames: list(`
    Loyalty members, top tier; No purchase in 6+ months; Birthday this month; New movers in trade area;
    High-value households; Abandoned online carts; Gift card balance holders; One-time buyers; Catalog requesters;
    Holiday shoppers last year; Households within 10 miles; Workplaces nearby`),
  landingHeadlines: list(`
    Unlock your private offer; Your reward is waiting; Save on everything you came for; First look at the new collection;
    Reveal your mystery discount; We saved you a spot; Come see what's new; A little thank-you from us`),
  callReasons: list(`
    Ask about store hours; Check item availability; Ask about the mailed offer; Check gift card balance;
    Return or exchange; Delivery scheduling; Loyalty points question; Special order; Store directions; Price match request`),
  budgetFactor: 0.85,
  responseFactor: 1.1,
};

const realEstate: Industry = {
  companyWords: list(`
    Harbor Point; Keystone; Front Porch; Skyline; Beacon Hill; Mosaic; Compass Rose; Elm & Oak; Hearthstone; Landmark;
    Bluestone; Copperfield; Dunmore; Whitfield; Larkin; Montclair; Cypress; Evergreen; Cornerstone; Red Gate;
    Santa Rosa; Tidewater; Vantage; Windermark; Ashford; St. Clair`),
  companySuffixes: list(`
    Realty; Real Estate Group; Properties; Homes; Property Management; Residential; Realty Partners; Land & Homes;
    Brokerage; Property Group; Home Team`),
  campaignThemes: list(`
    Just Listed; Just Sold; Home Value Report; Open House Weekend; First-Time Buyer Seminar; Downsizing Guide;
    Neighborhood Market Update; Expired Listing Outreach; Move-Up Buyer; Absentee Owner Outreach; Investor Opportunity;
    Buyers Waiting in Your Area; Leasing Special; Agent Introduction; Relocation Guide; Past Client Anniversary`),
  seasonalThemes: {
    winter: list("New Year, New Address; Winter Market Report; Holiday Thank You"),
    spring: list("Spring Selling Season; Spring Curb Appeal Guide; Spring Open House Tour"),
    summer: list("Summer Move Guide; Midyear Market Report; Summer Open House Tour"),
    fall: list("Fall Market Update; Settle In Before the Holidays; Fall Home Value Report"),
  },
  offers: list(`
    Free home value report; One month free rent; Free staging consultation; $500 toward closing costs;
    Complimentary moving boxes; Free buyer's guide; Waived application fee; Home warranty included with your sale;
    Free photography package`),
  templateNames: list(`
    Just Listed Jumbo Card; Just Sold Postcard; Market Report Letter; Handwritten Note; Home Value Door Card;
    Open House Invitation; Neighborhood Newsletter; Agent Profile Card; Leasing Special Postcard`),
  audienceNames: list(`
    Owners 7+ years in home; Renters with household income 80k+; Expired listings; Absentee owners; Empty nesters;
    Likely sellers, top decile; Farm area: 500 nearest homes; Past clients and referrals; First-time buyer profile;
    Growing families in two-bedroom homes; Pre-foreclosure watch; Vacant land owners`),
  landingHeadlines: list(`
    What is your home worth now?; See what sold on your street; Find the home before it is listed; Tour it this weekend;
    Buyers are asking about your neighborhood; Sell with a plan; Your next address is here; Rent less, live more`),
  callReasons: list(`
    Request a showing; Ask for a home valuation; Ask about a listing; Ask about leasing terms; Maintenance request;
    Request the market report; Talk about selling; Ask about open house times; Mortgage referral; Application status`),
  budgetFactor: 1.1,
  responseFactor: 0.8,
};

const financialServices: Industry = {
  companyWords: list(`
    Northgate; First Prairie; Liberty Oak; Granite Notch; Cascade Valley; Mutual Oak; Ridgeline; Pioneer Hills;
    Sterling Brook; Anchor Cove; Founders Mill; Bridgewater Park; Hudson Mills; Copper State; Commonwealth Oak; Meridian Lake;
    Elm Square; Palmetto Reach; Tall Grass; Redwood Coast; Harbor Beacon; Whitestone; Bayou; Ellsworth; Quarry Hill;
    Lindqvist`),
  companySuffixes: list(`
    Credit Union; Community Bank; Bank; Savings Bank; Bank & Trust; Community Credit Union; Financial; Financial Group;
    Savings & Loan; National Bank; Banking Company`),
  campaignThemes: list(`
    Refinance Review; Home Equity Line; New Checking Bonus; Retirement Dinner Seminar; Auto Loan Rate Drop;
    Certificate Special; Student Loan Relief; Debt Consolidation; Preapproved Card Offer; Member Appreciation;
    Business Account Launch; Rollover Guidance; Mortgage Preapproval; Credit Builder Program; Social Security Workshop;
    New Branch Opening`),
  seasonalThemes: {
    winter: list("Year-End Tax Planning; Holiday Loan Special; New Year Savings Challenge"),
    spring: list("Tax Season Help; Spring Home Equity Event; Last-Minute IRA Reminder"),
    summer: list("Summer Skip-a-Payment; Vacation Loan Offer; Summer Home Loan Event"),
    fall: list("Open Enrollment Review; Fall Certificate Special; Pre-Holiday Debt Checkup"),
  },
  offers: list(`
    $300 new checking bonus; No closing costs on home equity; 0% balance transfer for 15 months;
    Free retirement income review; Quarter-point rate discount with autopay; $200 for switching your direct deposit;
    Complimentary dinner and seminar; $100 youth savings match; Free credit score review; No annual fee, ever`),
  templateNames: list(`
    Preapproved Letter; Rate Snapshot Card; Seminar Invitation; Closed-Face Envelope; Switch Kit Mailer;
    Equity Statement Letter; New Member Welcome; Private Client Letter; Business Banking Trifold`),
  audienceNames: list(`
    Homeowners with 40%+ equity; Savers without checking; Near retirement, 58 to 66; Credit score 680 to 740;
    Auto loans elsewhere; New homeowners; Maturing certificates; Small business owners; Student loan holders;
    Adults turning 65 this year; Inactive accounts 6+ months; High-rate mortgage holders`),
  landingHeadlines: list(`
    See your rate without touching your score; Put your equity to work; Retire on your terms; Claim your account bonus;
    Banking that knows your name; Reserve your seat; A lower payment in three steps; You may already be preapproved`),
  callReasons: list(`
    Ask about current rates; Apply for a loan; Open an account; Question about the preapproval letter;
    Reserve a seminar seat; Application status; Verify the offer is genuine; Speak with an advisor;
    Ask about fees; Request a payoff amount`),
  budgetFactor: 1.6,
  responseFactor: 0.7,
};

const homeServices: Industry = {
  companyWords: list(`
    Reliable; Five Points; Blue Sky; Evergreen; Patriot Ridge; All Hands; Hometown; Ironclad; Level Best; Trueline;
    Benson; Castillo; Kowalski & Sons; Murphy; Rainey; Sawyer; Nguyen Brothers; High Desert; Great Lakes; Red Barn;
    Hammer & Level; Good Neighbor; Sunnyside; Oak Hill; D'Angelo; Precision`),
  companySuffixes: list(`
    Heating & Air; Plumbing; Roofing; Landscaping; Pest Control; Windows & Doors; Electric; Remodeling; Gutter Co.;
    Home Cleaning; Garage Doors; Tree Service; Painting; Solar`),
  campaignThemes: list(`
    Free Estimate; Maintenance Plan Enrollment; New Homeowner Welcome; Same-Week Service; Second Opinion Offer;
    Neighbor Project Spotlight; Financing Available; Storm Damage Inspection; Whole-Home Inspection; Showroom Open House;
    Past Customer Checkup; Senior Discount; Estimate Follow-Up; Five-Star Crew Introduction; Referral Reward;
    Weekend Install Special`),
  seasonalThemes: {
    winter: list("Winter Home Checkup; Off-Season Savings; New Year Home Projects"),
    spring: list("Spring Home Tune-Up; Spring Project Booking; Spring Storm Readiness"),
    summer: list("Summer Project Special; Beat the Summer Rush; Midsummer Home Checkup"),
    fall: list("Get Ready for Winter; Fall Home Checkup; Finish It Before the Holidays"),
  },
  offers: list(`
    $79 home checkup; Free inspection and estimate; $250 off any job over $2,500; 10% off your first service;
    Free second opinion; No interest for 18 months; $50 off your next visit; Free yearly checkup with a maintenance plan;
    $100 for every referral; 15% off for seniors and veterans`),
  templateNames: list(`
    Neighbor Just Hired Us Card; Door Hanger; Coupon Postcard 6x9; Maintenance Reminder; Before and After Postcard;
    Estimate Follow-Up Letter; Magnet Mailer; Storm Alert Postcard; New Homeowner Welcome Letter`),
  audienceNames: list(`
    Homes built before 1995; New homeowners, 90 days; Past customers, no visit in 18 months; Estimates not sold;
    Neighbors of recent jobs; Homes 15+ years old, never serviced; Two-story homes; Storm path ZIP codes; Maintenance plan expiring;
    Home value 350k+; Owners 65+; Large lots, half acre+`),
  landingHeadlines: list(`
    Get your free estimate today; Workmanship, guaranteed; Your neighbors already called; Fixed right, the first time;
    Book a technician in two taps; Straight prices, no surprises; Home projects without the runaround; Protect what you built`),
  callReasons: list(`
    Request an estimate; Emergency repair; Schedule maintenance; Ask about the mailed offer; Ask about financing;
    Technician arrival time; Warranty question; Cancel or reschedule; Billing question; Ask about service area`),
  budgetFactor: 0.8,
  responseFactor: 1.25,
};

const education: Industry = {
  companyWords: list(`
    Brightpath; Lakeview; Kingsley; Maplewood; Westbrook; St. Brendan; Horizon; Chestnut Hill; Franklin Park; Oakmont;
    Summit Ridge; Wellspring; Thornbury; Pinecrest; Ellery; Open Door; Riverside; Ashby; Northfield; Carver Park;
    Lincoln Heights; Montrose; Discovery; Hawthorne; Élan; Cedar Valley`),
  companySuffixes: list(`
    Academy; Preparatory School; Day School; Montessori School; School; Collegiate School; Classical Academy; Country Day School;
    Charter School; Children's Academy; Friends School; School of the Arts`),
  campaignThemes: list(`
    Open House Invitation; Enrollment Deadline; Scholarship Announcement; Campus Tour; Parent Information Night;
    Alumni Annual Appeal; Free Placement Test; Transfer Student Outreach; Accepted Student Welcome; Wait List Update;
    After-School Programs; Free Trial Day; Financial Aid Reminder; Kindergarten Roundup; New Program Launch; Sibling Enrollment`),
  seasonalThemes: {
    winter: list("Winter Term Enrollment; January Open House; Midyear Transfer Guide"),
    spring: list("Spring Campus Visit Day; Admitted Students Weekend; Reenrollment Reminder"),
    summer: list("Summer Camp Registration; Summer Bridge Program; Back-to-School Readiness"),
    fall: list("Fall Enrollment; Early Application Reminder; Fall Open House"),
  },
  offers: list(`
    Application fee waived; Free assessment and trial day; $500 early enrollment credit; Free campus tour and lunch;
    10% sibling discount; Registration fee waived; Free financial aid consultation; One free week of after-school care;
    Scholarships up to $5,000`),
  templateNames: list(`
    Viewbook Self-Mailer; Open House Postcard; Acceptance Letter; Program Spotlight Card; Financial Aid Letter;
    Alumni Appeal Letter; Camp Flyer; Student Success Postcard; Deadline Reminder Card`),
  audienceNames: list(`
    Rising kindergarten families; Parents of children 3 to 5; Inquiries, not applied; Applied, not enrolled; Alumni, lapsed donors;
    Parents of middle schoolers; Military families; Toured, not applied; Current families;
    Homeschool households; Bilingual households; Preschools and feeder schools`),
  landingHeadlines: list(`
    Find the right school; See your child here; Small classes, big futures; Save your seat at open house;
    A place for every learner; Where curious kids thrive; Now enrolling for next term; Apply free today`),
  callReasons: list(`
    Ask about admissions; Register for open house; Ask about tuition; Financial aid question; Request program details;
    Schedule a campus tour; Application status; Ask about start dates; Transcript question; Talk with an advisor`),
  budgetFactor: 0.95,
  responseFactor: 0.85,
};

const nonprofit: Industry = {
  companyWords: list(`
    Open Hearth; Safe Crossing; Bridges of Hope; Second Spring; River Valley; Lantern; Helping Hands; Common Field;
    Good Shepherd; Heart & Hand; New Leaf; Harvest of Hope; Tri-Rivers; North Star; Shelter Cove; Wildwood; Kindness;
    Mercy Street; Rising Tide; Esperança; Sunrise; Greenway; Veterans' Path; Children First; Blue Heron; Open Gate`),
  companySuffixes: list(`
    Foundation; Food Bank; Family Services; Alliance; Community Services; Relief Fund; Community Fund; Ministries; Coalition;
    Initiative; Youth Center; Outreach`),
  campaignThemes: list(`
    Annual Fund Appeal; Monthly Giving Invitation; Matching Gift Challenge; Donor Thank You; Lapsed Donor Renewal;
    Emergency Relief Appeal; Gala Invitation; Legacy Giving; Volunteer Drive; Impact Report; Adopt a Family; Capital Campaign;
    Member Renewal; Community 5K; Sponsor a Child; Newsletter and Reply Card`),
  seasonalThemes: {
    winter: list("Year-End Appeal; Winter Coat Drive; Holiday Meals Appeal"),
    spring: list("Spring Renewal Drive; Spring Neighbors Appeal; Spring Gala Invitation"),
    summer: list("Summer Meals for Kids; Midyear Match; Summer Camp Scholarships"),
    fall: list("Giving Tuesday; Thanksgiving Meals; Fall Membership Drive"),
  },
  offers: list(`
    Your gift matched dollar for dollar; $25 feeds a family for a week; Free tote with monthly giving;
    Tribute card sent in your honor; Double your impact this month; Membership includes two guest passes;
    Free estate planning guide; $10 provides a warm coat`),
  templateNames: list(`
    Appeal Letter with Reply Card; Impact Story Postcard; Gala Invitation Suite; Thank You Note; Matching Gift Insert;
    Address Label Package; Newsletter; Volunteer Postcard; Year in Review Foldout`),
  audienceNames: list(`
    Active donors, last 12 months; Lapsed donors 13 to 36 months; Major gift prospects; Monthly sustainers;
    First-time donors; Event attendees; Volunteers who have not given; Donor-advised fund holders; Lookalike households;
    Petition signers; Board and staff circle; Planned giving prospects, 70+`),
  landingHeadlines: list(`
    Your gift goes twice as far today; Meet the people you help; Give once, change a year; Join us at the table;
    Every dollar stays local; See your impact; Be someone's good news; Renew your support in a minute`),
  callReasons: list(`
    Make a donation; Update a recurring gift; Request a tax receipt; Ask about volunteering; RSVP for an event;
    Ask about matching gifts; Address change; Ask how funds are used; Legacy giving question; Be removed from the mailing list`),
  budgetFactor: 0.6,
  responseFactor: 1.3,
};

const hospitality: Industry = {
  companyWords: list(`
    The Rusty Anchor Cove; Magnolia; Casa Marisol; Golden Lark; Blue Heron; Old Town; The Copper Kettle; Lakeside; Chez Renée;
    Sunset Terrace; Firefly; The Velvet Olive; Piccolo; Saffron; Stone Hearth; Driftwood; Bluebonnet; O'Malley's;
    The Grand Willow; Cedar Bend; Harborside; Lucía's; The Painted Horse; Wildflower; Tramonto; Juniper`),
  companySuffixes: list(`
    Inn; Hotel; Hotel & Café; Inn & Tavern; Resort & Spa; Lodge; Inn & Bistro; Hotel & Grill; Guest House & Kitchen;
    Hotel & Supper Club; Inn & Taproom; Suites & Café`),
  campaignThemes: list(`
    Grand Reopening; Birthday Dinner; Loyalty Program Launch; Weekend Getaway; Chef's Table Invitation; New Menu Preview;
    Date Night; Kids Eat Free; Happy Hour Neighbors; Wedding Venue Showcase; Corporate Catering; Stay Two, Get One;
    Spa Day Package; Welcome to the Neighborhood; Wine Dinner Series; Guest Winback`),
  seasonalThemes: {
    winter: list("Holiday Party Booking; Valentine's Dinner for Two; Winter Escape Package"),
    spring: list("Mother's Day Brunch; Patio Opening; Spring Getaway Package"),
    summer: list("Summer Staycation; Lobster and Live Music; Family Vacation Package"),
    fall: list("Harvest Menu; Game Day Specials; Fall Foliage Weekend"),
  },
  offers: list(`
    Free appetizer with two entrees; $10 off $40 or more; Third night free; Complimentary dessert on your birthday;
    Kids eat free on Tuesdays; 20% off catering orders; Free room upgrade; Two-for-one brunch; $25 resort credit;
    Free coffee with any breakfast`),
  templateNames: list(`
    Menu Self-Mailer; Birthday Postcard; Die-Cut Coupon Card; Weekend Package Brochure; Grand Opening Postcard;
    Catering Menu Letter; Loyalty Card Mailer; Event Invitation; Guest Thank You Card`),
  audienceNames: list(`
    Diners within 3 miles; Birthday this month; Lapsed guests 90+ days; Loyalty members; Engaged couples;
    Offices with 20+ employees; Drive-market families; Past overnight guests; New movers; Wine club members;
    Weekend brunch guests; Conference planners`),
  landingHeadlines: list(`
    Your table is ready; Treat yourself, on us; Stay longer, pay less; Taste what's new; Celebrate here;
    Get away without going far; Claim your free appetizer; Book direct and save`),
  callReasons: list(`
    Make a reservation; Change a reservation; Ask about the mailed offer; Catering quote; Private event inquiry;
    Ask about hours; Gift card question; Takeout order; Room rates; Lost and found`),
  budgetFactor: 0.7,
  responseFactor: 1.2,
};

const insurance: Industry = {
  companyWords: list(`
    Shieldstone; Harbor Mutual; Prairie Guard; Safe Haven; Oakfield; Lighthouse; Beckett & Rowe; Garrison Lane;
    Heartfield; Blue Umbrella; Ferris; Trustwell; Northbrook; Old Colonnade; Sycamore Hill; Cross Timbers; Fairhaven; Mendoza;
    Whitaker; Two Rivers; Summit Peak; Bridgeport Mills; Coastal Plains; Aldridge; Hollander; O'Brien & Daughters`),
  companySuffixes: list(`
    Insurance Agency; Insurance Group; Insurance Center; Insurance Partners; Insurance Services; Insurance Advisors;
    Insurance & Benefits; Insurance Associates; Insurance; Insurance Brokers; Insurance & Financial`),
  campaignThemes: list(`
    Turning 65 Guide; Auto and Home Bundle; New Homeowner Coverage; Rate Review; Life Insurance Checkup; Final Expense Plan;
    Medicare Supplement Review; Small Business Coverage; Renewal Reminder; Policyholder Thank You; Switch and Save;
    Umbrella Policy Introduction; Flood Coverage Notice; Renters Starter Plan; Referral Thank You; Safe Driver Reward`),
  seasonalThemes: {
    winter: list("New Year Coverage Review; Winter Storm Readiness; Last Days of Open Enrollment"),
    spring: list("Spring Storm Coverage Check; Boat and RV Season; Spring Rate Review"),
    summer: list("Teen Driver Summer; Hurricane Season Readiness; Motorcycle Coverage"),
    fall: list("Medicare Annual Enrollment; Open Enrollment Guide; Fall Policy Review"),
  },
  offers: list(`
    Save up to $450 when you bundle; Free policy review; $20 gift card with a quote; Free Medicare guide;
    No-exam life coverage to $50,000; First month free on renters; Accident forgiveness included;
    Free home inventory checklist; $25 reward for a referral`),
  templateNames: list(`
    Turning 65 Letter; Bundle Savings Postcard; Official-Look Envelope; Quote Comparison Letter; Medicare Guide Booklet;
    Agent Introduction Card; Renewal Notice; Reply Card Package; Policyholder Birthday Card`),
  audienceNames: list(`
    Turning 65 in 6 months; Auto renewals next 45 days; New homeowners; Auto only, no home policy; Young families;
    Small businesses, 2 to 25 staff; Homes in flood zones; Quoted, not bound; Drivers with teen at home;
    Homeowners 50 to 80; Lapsed policyholders; Life events: recently married`),
  landingHeadlines: list(`
    Compare and save in three minutes; Medicare, made plain; Cover what matters; See your bundled rate;
    Real people, real quotes; Are you paying too much?; Protect the ones you love; Your free guide is ready`),
  callReasons: list(`
    Request a quote; Medicare question; File a claim; Add a vehicle; Ask about the mailed letter; Policy renewal;
    Billing question; Proof of insurance; Cancel a policy; Speak with an agent`),
  budgetFactor: 1.35,
  responseFactor: 0.75,
};

export const INDUSTRIES: Readonly<Record<IndustryName, Industry>> = {
  healthcare,
  automotive,
  retail,
  real_estate: realEstate,
  financial_services: financialServices,
  home_services: homeServices,
  education,
  nonprofit,
  hospitality,
  insurance,
};

// Items are packed between semicolons: one a line, this file would have 1,300 lines.
function list(text: string): readonly string[] {
  return text.split(";").map((item) => item.trim());
}
