import { CITIES, type City } from "../../../columns/places/united-states.js";
import { assert } from "../../../errors.js";

/** Cities with venues: name, state, latitude and longitude of the centre in degrees (WGS 84), to two decimals. */
const CENTRES: readonly (readonly [city: string, state: string, latitude: number, longitude: number])[] = [
  ["New York", "NY", 40.75, -73.98],
  ["Brooklyn", "NY", 40.68, -73.97],
  ["Buffalo", "NY", 42.89, -78.87],
  ["Rochester", "NY", 43.15, -77.6],
  ["Boston", "MA", 42.35, -71.07],
  ["Providence", "RI", 41.82, -71.41],
  ["Portland", "ME", 43.66, -70.26],
  ["Philadelphia", "PA", 39.96, -75.17],
  ["Pittsburgh", "PA", 40.44, -79.99],
  ["Baltimore", "MD", 39.29, -76.61],
  ["Washington", "DC", 38.9, -77.03],
  ["Richmond", "VA", 37.55, -77.45],
  ["Charlotte", "NC", 35.22, -80.84],
  ["Raleigh", "NC", 35.78, -78.64],
  ["Asheville", "NC", 35.59, -82.55],
  ["Atlanta", "GA", 33.76, -84.39],
  ["Savannah", "GA", 32.07, -81.09],
  ["Miami", "FL", 25.78, -80.2],
  ["Orlando", "FL", 28.54, -81.38],
  ["Tampa", "FL", 27.95, -82.46],
  ["Cleveland", "OH", 41.5, -81.69],
  ["Columbus", "OH", 39.97, -83.0],
  ["Cincinnati", "OH", 39.11, -84.51],
  ["Detroit", "MI", 42.34, -83.05],
  ["Grand Rapids", "MI", 42.96, -85.67],
  ["Indianapolis", "IN", 39.77, -86.16],
  ["Louisville", "KY", 38.25, -85.75],
  ["Chicago", "IL", 41.88, -87.64],
  ["Milwaukee", "WI", 43.04, -87.91],
  ["Madison", "WI", 43.07, -89.39],
  ["Minneapolis", "MN", 44.98, -93.27],
  ["Nashville", "TN", 36.16, -86.78],
  ["Memphis", "TN", 35.14, -90.05],
  ["New Orleans", "LA", 29.96, -90.07],
  ["Dallas", "TX", 32.79, -96.8],
  ["Houston", "TX", 29.76, -95.37],
  ["Austin", "TX", 30.27, -97.74],
  ["San Antonio", "TX", 29.42, -98.49],
  ["Omaha", "NE", 41.26, -95.94],
  ["Denver", "CO", 39.74, -104.99],
  ["Boulder", "CO", 40.02, -105.27],
  ["Fort Collins", "CO", 40.58, -105.08],
  ["Salt Lake City", "UT", 40.76, -111.89],
  ["Albuquerque", "NM", 35.08, -106.65],
  ["Boise", "ID", 43.62, -116.2],
  ["Phoenix", "AZ", 33.45, -112.07],
  ["Tucson", "AZ", 32.22, -110.96],
  ["Los Angeles", "CA", 34.05, -118.25],
  ["San Diego", "CA", 32.72, -117.16],
  ["San Francisco", "CA", 37.77, -122.42],
  ["Sacramento", "CA", 38.57, -121.48],
  ["Las Vegas", "NV", 36.15, -115.16],
  ["Reno", "NV", 39.53, -119.81],
  ["Portland", "OR", 45.52, -122.67],
  ["Bend", "OR", 44.06, -121.31],
  ["Seattle", "WA", 47.61, -122.33],
  ["Spokane", "WA", 47.66, -117.42],
];

/** A postal code of a city with venues, with what agrees with it. */
export interface Place extends Omit<City, "postalCodes"> {
  readonly postalCode: string;
  /** Of the city's centre, in 10^-6 degrees. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Every postal code of the cities with venues, in the cities' order; a city's weight is shared by its codes. */
export const PLACES: readonly Place[] = CENTRES.flatMap(([name, state, latitude, longitude]) => {
  const found = CITIES.find((city) => city.city === name && city.state === state);
  assert(found !== undefined, `${name}, ${state} has postal codes`);
  const { postalCodes, weight, ...city } = found;
  return postalCodes.map((postalCode) => ({
    ...city,
    postalCode,
    weight: weight / postalCodes.length,
    latitude: Math.round(latitude * 1e6),
    longitude: Math.round(longitude * 1e6),
  }));
});
