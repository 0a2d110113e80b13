import { render } from "preact";
import { App } from "./app.js";
import { loadCatalogue } from "./state/catalogue.js";
import { loadDatabase } from "./state/database.js";
import { applyTheme } from "./state/theme.js";
import "./styles/theme.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/tables.css";
import "./styles/figures.css";

applyTheme();
void loadCatalogue();
void loadDatabase();
render(<App />, document.getElementById("app")!);
