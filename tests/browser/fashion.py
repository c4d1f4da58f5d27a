"""A new scenario from the start button to a verdict, in a real browser: `python -m tests.browser.fashion`.

The job goes on whatever becomes of the browser, which only looks in once a minute. Called again with the same folder,
it goes on with the job that is there, also after the machine went down. What it took and what came out of it becomes a
record in results/.
"""

import argparse
import io
import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from playwright.sync_api import Browser

from mtaa import api
from mtaa.api.scenarios import Scenario, dump, load
from mtaa.bench.home import home
from mtaa.core import card as cards
from mtaa.core import files, paths
from mtaa.dataset.read import read_export
from mtaa.images.fetch import DIGESTS, fetch
from tests.browser import retraining, workbench
from tests.browser.retraining_record import path as record_path
from tests.browser.retraining_record import record, text


def retrained(browser: Browser, address: str, scenario: Scenario, epochs: int, look: float) -> tuple[api.Job, int]:
    """The job, done, and how often the browser looked in on it. Raises `RuntimeError` where it fails."""
    known = [job for job in api.list_jobs() if job.request.checkpoint == scenario.name]
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    if known:
        job = known[0].id
    else:
        retraining.arrive(page, address)
        retraining.paste(page, dump(scenario))
        job = retraining.start(page, epochs)
    page.close()
    looks, said = 0, ""
    while said != "done":
        if looks:
            time.sleep(look)
        looks += 1
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        said = retraining.look_in(page, address, job, scenario.name)
        page.close()
        print(f"{datetime.now(UTC):%H:%M:%S} UTC  {job}  {' '.join(said.split())}", flush=True)
        if said.startswith("failed"):
            raise RuntimeError(f"{job} must end well, got: {said}")
    return api.job(job), looks


def attributed(browser: Browser, address: str, job: api.Job, seed: int) -> dict[str, Any]:
    """An adversarial test image drawn by `seed`, what it truly is, and what the page Attribute says of it."""
    card = cards.read(job.request.checkpoint)
    test = read_export(cards.folder(card.name) / cards.TEST_SPLIT, card.attacks, card.victims)
    place = np.random.default_rng(seed).choice(np.flatnonzero(test.intensity > 0))
    pixels = test.images[place]
    buffer = io.BytesIO()
    Image.fromarray(pixels[0] if len(pixels) == 1 else pixels.transpose(1, 2, 0)).save(buffer, "PNG")
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    retraining.arrive(page, address, job.id)
    verdict = retraining.attribute(page, card.name, buffer.getvalue())
    page.close()
    truth = {
        "attack": card.attacks[test.attack[place]],
        "source_model": card.victims[test.victim[place]],
        "intensity": float(test.intensity[place]),
        "source": str(test.source[place]),
    }
    return {"drawn_by_seed": seed, "truth": truth, "verdict": verdict}


def main() -> None:
    """Retrain on a scenario of any size, attribute an image with what came of it, and write the record."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scenario", default="fashion", help="a preset or a YAML file; its name is the checkpoint's")
    asked.add_argument("--epochs", type=int, default=20)
    asked.add_argument("--folder", type=Path, default=paths.home() / "retraining", help="home of the app of this run")
    asked.add_argument("--look", type=float, default=retraining.LOOK_SECONDS, help="seconds between two looks")
    asked.add_argument("--seed", type=int, default=0, help="of the image that is attributed")
    asked.add_argument("--show", action="store_true", help="only print the record that is there")
    given, path = asked.parse_args(), workbench.chromium()
    if given.show:
        print(text(files.read_json(record_path(load(given.scenario).name))))
        return
    if path is None:
        asked.exit(2, "Chromium is needed, got none on the path (Debian: apt-get install chromium)\n")
    scenario, folder = load(given.scenario), given.folder.absolute()
    target = record_path(scenario.name)
    with home(folder, MTAA_RESULTS=str(folder / "results")):
        if scenario.images.source in DIGESTS:
            fetch(scenario.images.source)
        if not (paths.checkpoints() / "mnist").exists():  # another checkpoint judges at first
            shutil.copytree(paths.ROOT / "checkpoints" / "mnist", paths.checkpoints() / "mnist")
        moved = {name: value for name, value in os.environ.items() if name.startswith("MTAA_")}
        with workbench.served(moved) as address, workbench.launched(path) as browser:
            job, looks = retrained(browser, address, scenario, given.epochs, given.look)
            image = attributed(browser, address, job, given.seed)
            made = record(job, looks, browser.version, image)
    files.write_json(target, made)
    print(text(made))


if __name__ == "__main__":
    main()
