/** A tap device as the platform's maker sells it, with the firmware that it may run. */
export interface DeviceModel {
  readonly name: string;
  /** First characters of its serial numbers. */
  readonly prefix: string;
  readonly weight: number;
  readonly firmware: readonly string[];
}

export const DEVICE_MODELS: readonly DeviceModel[] = [
  { name: "FlowMeter One", prefix: "F1", weight: 18, firmware: ["1.8.2", "1.8.4", "1.9.0"] },
  { name: "FlowMeter Pro", prefix: "FP", weight: 34, firmware: ["2.4.1", "2.5.0", "2.5.3", "2.6.0"] },
  { name: "SmartTap 200", prefix: "S2", weight: 26, firmware: ["3.1.0", "3.1.7", "3.2.2"] },
  { name: "SmartTap 400", prefix: "S4", weight: 16, firmware: ["4.0.3", "4.1.0", "4.2.1"] },
  { name: "KegSense X", prefix: "KX", weight: 6, firmware: ["5.0.0", "5.0.2"] },
];
