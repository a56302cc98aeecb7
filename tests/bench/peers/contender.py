"""One contender of `peers.py`, in a process and an environment of its own: prints one line of JSON.

`contender.py NAME TRAIN OUT [MANIFEST]` reads TRAIN, a CSV file, fits, generates as many rows as
were read, and writes them as OUT/adult.csv or OUT/adult/*.parquet; `contender.py warm NAME` only
imports, so that the files of its packages are in the cache. Everybody is called as their
own introduction calls them, with their own defaults and the seed 1; what is set beside these is
said in `peers.py`, which prints it.
"""

import json
import sys
import time
from pathlib import Path

SEED = 1
# What a neural network trains at most.
MINUTES = 8


def prodlike(train, out, manifest, k=10):
    import prodlike

    yield "import"
    source = prodlike.connect(train)
    schema = source.inspect(progress=False)
    # Every row is somebody, as tests/referee has it: without it, no floor protects anybody.
    schema.privacy.entities = ["adult"]
    schema.privacy.k = k
    schema.save(manifest, overwrite=True)
    model = prodlike.fit(source, schema, progress=False)
    yield "fit"
    model.generate(seed=SEED).write_parquet(out, overwrite=True, progress=False)
    yield "generate"


def prodlike_k1(train, out, manifest):
    yield from prodlike(train, out, manifest, k=1)


def arfpy(train, out):
    import numpy
    import pandas
    from arfpy.arf import arf

    yield "import"
    numpy.random.seed(SEED)
    real = pandas.read_csv(train, keep_default_na=False)
    model = arf(real, verbose=False, random_state=SEED)
    model.forde()
    yield "fit"
    made = model.forge(len(real))
    # It draws real numbers; whole ones are what the table has.
    for name in real.columns[real.dtypes == "int64"]:
        made[name] = made[name].round().astype("int64")
    made.to_csv(f"{out}/adult.csv", index=False)
    yield "generate"


def datasynthesizer(train, out):
    from DataSynthesizer.DataDescriber import DataDescriber
    from DataSynthesizer.DataGenerator import DataGenerator

    yield "import"
    described = f"{out}/described.json"
    describer = DataDescriber()
    # Text of more than twenty different values would be made of random letters.
    describer.describe_dataset_in_correlated_attribute_mode(
        train, k=2, epsilon=0, attribute_to_is_categorical={"native-country": True}, seed=SEED
    )
    describer.save_dataset_description_to_file(described)
    yield "fit"
    generator = DataGenerator()
    rows = len(describer.df_input)
    generator.generate_dataset_in_correlated_attribute_mode(rows, described, seed=SEED)
    generator.save_synthetic_data(f"{out}/adult.csv")
    Path(described).unlink()
    yield "generate"


def synthpop_py(train, out):
    import pandas
    from synthpop import Synthesiser

    yield "import"
    real = pandas.read_csv(train, keep_default_na=False)
    model = Synthesiser(random_seed=SEED).fit(real)
    yield "fit"
    model.generate().to_csv(f"{out}/adult.csv", index=False)
    yield "generate"


def mostlyai(train, out):
    import pandas
    from mostlyai.engine import TabularARGN

    yield "import"
    real = pandas.read_csv(train, keep_default_na=False)
    model = TabularARGN(random_state=SEED, max_training_time=MINUTES)
    model.fit(real)
    yield "fit"
    model.sample(len(real)).to_csv(f"{out}/adult.csv", index=False)
    model.close()
    yield "generate"


def main():
    name, *arguments = sys.argv[1:]
    if name == "warm":
        call = globals()[arguments[0].replace("-", "_")]
        next(call(*[""] * call.__code__.co_argcount))
        return
    seconds, start = {}, time.perf_counter()
    for what in globals()[name.replace("-", "_")](*arguments):
        now = time.perf_counter()
        seconds[what], start = now - start, now
    # Some print while they work: what is read is the last line.
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
