// Two clusters of one city, from one program: `node --import tsx docs/examples/city.ts` writes a file for each into dist/.
import { ApiObject, App, JsonPatch } from 'cdk8s';
import { ClusterChart, Dock, Infrastructure, QosTemplate, ServerlessFunction, Task } from 'rotterdam-sync/constructs';

const app = new App();

// What is promised. Makes no object: tasks are bound to it.
const deadlines = new QosTemplate(app, 'deadlines', {
  type: 'app-compss',
  action: 'scale_out',
  scaleFactor: 1.5,
  maxAllowed: 0,
  guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }],
});

// Where things run, and how they are reached.
const modena = new Infrastructure(app, 'modena', { type: 'openshift', domain: 'apps.modena.example' });
const crossroads = new Infrastructure(app, 'crossroads', { type: 'microk8s', expose: 'externalIP', address: '192.168.7.41' });

// What the environment `city` has on the first.
const cloud = new ClusterChart(app, 'city-modena', { infrastructure: modena, environment: 'city' });
const analytics = new Dock(cloud, 'class', { quota: { pods: 60 } });

new Task(analytics, 'workflow', {
  type: 'compss',
  replicas: 4,
  containers: [{ image: 'example/compss-test', ports: [{ containerPort: 44240 }] }],
  qos: [deadlines],
});

const dashboard = new Task(analytics, 'dashboard', {
  replicas: 2,
  containers: [
    {
      image: 'nginxinc/nginx-unprivileged:1.27',
      ports: [{ containerPort: 8080, hostPort: 80 }],
      resources: { requests: { cpu: '50m', memory: '32Mi' } },
      readinessProbe: { httpGet: { port: 8080 } },
    },
  ],
});

// Whatever a task has no property for.
ApiObject.of(dashboard).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5));

new ServerlessFunction(analytics, 'hello', { runtime: 'python3.11', source: 'def hello(event, context):\n  return "hello"\n' });

// And on the second. A construct of your own is a function, or a class, that makes these.
const edge = new ClusterChart(app, 'city-crossroads', { infrastructure: crossroads, environment: 'city' });
cache(new Dock(edge, 'north'), 6379);
cache(new Dock(edge, 'south'), 6380);

function cache(dock: Dock, hostPort: number): Task {
  const volumes = [{ name: 'data', mountPath: '/data', emptyDir: {} }];
  return new Task(dock, `redis-${dock.name}`, {
    security: 'baseline',
    containers: [{ image: 'redis:7', ports: [{ containerPort: 6379, hostPort }], volumes }],
  });
}

app.synth();
console.log(`The dashboard will be at ${dashboard.url}`);
