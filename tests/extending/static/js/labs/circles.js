// The laboratory that test_extending adds.

import {byId, setText} from "../dom.js";

const page = JSON.parse(byId("page").textContent ?? "");
const answer = await fetch(`${page.api}?${page.query}`);
setText(byId("area"), String((await answer.json()).area));
